using Microsoft.Extensions.Logging;
using RlhfV.Extensions.AI.Diagnostics;
using RlhfV.Models;

namespace RlhfV.Extensions.AI.Worker;

/// <summary>
/// A client's handle on its model, there from the start or loaded when first asked for, on a thread of its own. After a failure the next
/// question loads again.
/// </summary>
internal sealed class ModelSource : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Func<VisionLanguageModel> _load;
    private Task<VisionLanguageModel>? _model;
    private volatile bool _disposed;

    private ModelSource(Func<VisionLanguageModel> load, Task<VisionLanguageModel>? model) => (_load, _model) = (load, model);

    /// <summary>Where to log; set once before the first question.</summary>
    public required ILogger Logger { private get; init; }

    /// <summary>The model, once it is there.</summary>
    public VisionLanguageModel? Loaded => Volatile.Read(ref _model) is { IsCompletedSuccessfully: true } there ? there.Result : null;

    /// <summary>How far the model is.</summary>
    public ModelState State => Volatile.Read(ref _model) switch
    {
        null => ModelState.NotLoaded,
        { IsCompletedSuccessfully: true } => ModelState.Ready,
        { IsCompleted: true } => ModelState.LoadFailed,
        _ => ModelState.Loading,
    };

    /// <summary>A model that is loaded already; the source takes a reference of its own.</summary>
    public static ModelSource Of(VisionLanguageModel model, ILogger logger)
    {
        VisionLanguageModel reference = model.AddReference();
        return new ModelSource(() => reference, Task.FromResult(reference)) { Logger = logger };
    }

    /// <summary>A model that is loaded later.</summary>
    /// <param name="load">Gives a handle that becomes the source's own.</param>
    /// <param name="logger">Where to log.</param>
    public static ModelSource Later(Func<VisionLanguageModel> load, ILogger logger) => new(load, null) { Logger = logger };

    /// <summary>Gives the model, loading it if need be.</summary>
    public Task<VisionLanguageModel> GetAsync()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(RlhfVChatClient));
            if (_model is null or { IsFaulted: true })
            {
                _model = Task.Factory.StartNew(
                    Load, CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
            }

            return _model;
        }
    }

    /// <summary>Lets the model go; one that is being loaded goes when it is there.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
            _model?.ContinueWith(
                static model => model.Result.Dispose(),
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        }
    }

    private VisionLanguageModel Load()
    {
        try
        {
            VisionLanguageModel model = _load();
            ClientLog.Loaded(Logger, model.Name, model.Device.ToString());
            return model;
        }
        catch (Exception problem)
        {
            // A container that was disposed meanwhile takes no model any more; nobody waits for it either.
            if (!_disposed)
                ClientLog.LoadFailed(Logger, problem);
            throw;
        }
    }
}
