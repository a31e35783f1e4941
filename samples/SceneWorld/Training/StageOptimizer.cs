using RlhfV.Models.Checkpoints;
using RlhfV.Training.Optimization;
using Parameter = TorchSharp.Modules.Parameter;

namespace SceneWorld.Training;

/// <summary>AdamW of one training stage, with its state on disk.</summary>
internal sealed class StageOptimizer : IDisposable
{
    private const double WeightDecay = 0.01;
    private const double LargestNorm = 1;
    private readonly FlatParameters _parameters;
    private readonly AdamW _optimizer;

    /// <summary>Takes parameters over; they learn from now on.</summary>
    /// <param name="parameters">The parameters with their names.</param>
    public StageOptimizer(IEnumerable<(string Name, Parameter Parameter)> parameters)
    {
        (string Name, Parameter Parameter)[] all = [.. parameters];
        foreach ((_, Parameter parameter) in all)
        {
            parameter.requires_grad = true;
        }

        _parameters = new FlatParameters(all, (_, parameter) => new ParameterGroup(parameter.ndim > 1 ? WeightDecay : 0));
        _optimizer = new AdamW(_parameters, new AdamWOptions(Beta2: 0.98));
    }

    /// <summary>Steps taken so far.</summary>
    public long Steps => _optimizer.Steps;

    /// <summary>Takes one step, gradients clipped to a global norm of 1.</summary>
    /// <param name="learningRate">Learning rate of this step.</param>
    /// <exception cref="InvalidOperationException">The gradient is not finite.</exception>
    public void Step(double learningRate)
    {
        double norm = _optimizer.GradientNorm();
        if (!double.IsFinite(norm))
        {
            throw new InvalidOperationException($"The gradient is not finite at step {Steps + 1}. Lower the learning rate.");
        }

        _optimizer.Step(learningRate, AdamW.ClipScale(norm, LargestNorm));
    }

    /// <summary>Writes weights and moments.</summary>
    /// <param name="file">Target file.</param>
    public void Save(string file) => Safetensors.Save(
        file, [new("weights", _optimizer.Master), new("mean", _optimizer.Mean), new("variance", _optimizer.Variance)]);

    /// <summary>Reads weights and moments back.</summary>
    /// <param name="file">What <see cref="Save"/> wrote.</param>
    /// <param name="steps">Steps taken by then.</param>
    public void Load(string file, long steps)
    {
        using TensorSource source = Safetensors.Open(file);
        _optimizer.Restore(steps, () =>
        {
            source.ReadInto("weights", _optimizer.Master);
            source.ReadInto("mean", _optimizer.Mean);
            source.ReadInto("variance", _optimizer.Variance);
        });
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _optimizer.Dispose();
        _parameters.Dispose();
    }
}
