using Microsoft.Extensions.Logging;
using RlhfV.Extensions.AI.Diagnostics;
using RlhfV.Models;

namespace RlhfV.Extensions.AI.Worker;

/// <summary>A worker's handle on its model, there from the start or loaded when first needed.</summary>
internal sealed class ModelSource : IDisposable
{
    private readonly Func<VisionLanguageModel>? _load;
    private volatile VisionLanguageModel? _model;

    private ModelSource(VisionLanguageModel? model, Func<VisionLanguageModel>? load) => (_model, _load) = (model, load);

    /// <summary>The model, once it is there.</summary>
    public VisionLanguageModel? Loaded => _model;

    /// <summary>A model that is loaded already; the source takes a reference of its own.</summary>
    public static ModelSource Of(VisionLanguageModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new ModelSource(model.AddReference(), null);
    }

    /// <summary>A model that is loaded later.</summary>
    /// <param name="load">Gives a handle that becomes the source's own.</param>
    public static ModelSource Later(Func<VisionLanguageModel> load) => new(null, load);

    /// <summary>Gives the model, loading it if need be; after a failure the next call tries again. Called from one thread only.</summary>
    public VisionLanguageModel Get(ILogger logger)
    {
        if (_model is { } there)
            return there;
        try
        {
            VisionLanguageModel model = _load!();
            _model = model;
            ClientLog.Loaded(logger, model.Name, model.Device.ToString());
            return model;
        }
        catch (Exception problem)
        {
            ClientLog.LoadFailed(logger, problem);
            throw;
        }
    }

    public void Dispose() => _model?.Dispose();
}
