using RlhfV.Models.Checkpoints;
using RlhfV.Models.Modules;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SceneWorld.Training;

/// <summary>AdamW over one flat buffer that the parameters are views of: a dozen tensor operations a step, whatever the model's depth.</summary>
public sealed class FlatAdam : IDisposable
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.98;
    private readonly Tensor _weights, _gradients, _first, _second;
    private readonly double _weightDecay;

    /// <summary>Moves the parameters into a flat buffer.</summary>
    /// <param name="parameters">What is trained.</param>
    /// <param name="weightDecay">Decoupled weight decay.</param>
    public FlatAdam(IEnumerable<Parameter> parameters, double weightDecay = 0.01)
    {
        Parameter[] all = [.. parameters];
        _weightDecay = weightDecay;
        using IDisposable mode = no_grad();
        long size = all.Sum(p => p.numel());
        _weights = zeros(size);
        _gradients = zeros(size);
        _first = zeros(size);
        _second = zeros(size);
        long at = 0;
        foreach (Parameter parameter in all)
        {
            long count = parameter.numel();
            long[] shape = parameter.shape;
            _weights.narrow(0, at, count).copy_(parameter.reshape(-1));
            parameter.requires_grad = true;
            parameter.set_(_weights.narrow(0, at, count).view(shape));
            parameter.grad = _gradients.narrow(0, at, count).view(shape);
            at += count;
        }
    }

    /// <summary>Steps taken so far.</summary>
    public long Steps { get; private set; }

    /// <summary>Clips to a global norm of 1, takes one step and clears the gradients.</summary>
    /// <param name="learningRate">Learning rate of this step.</param>
    public void Step(double learningRate)
    {
        using IDisposable mode = no_grad();
        using var scope = NewDisposeScope();
        Steps++;
        double norm = _gradients.norm().item<float>();
        if (!double.IsFinite(norm))
        {
            throw new InvalidOperationException($"The gradient is not finite at step {Steps}. Lower the learning rate.");
        }

        if (norm > 1)
        {
            _gradients.Scale(1 / norm);
        }

        _first.Scale(Beta1);
        _first.Add(_gradients, 1 - Beta1);
        _second.Scale(Beta2);
        _second.Add(_gradients.Squared(), 1 - Beta2);
        double correction = Math.Sqrt(1 - Math.Pow(Beta2, Steps)) / (1 - Math.Pow(Beta1, Steps));
        _weights.Scale(1 - learningRate * _weightDecay);
        _weights.Add(_first / _second.sqrt().Plus(1e-8), -learningRate * correction);
        _gradients.zero_();
    }

    /// <summary>Writes weights and states.</summary>
    /// <param name="file">Target file.</param>
    public void Save(string file) => Safetensors.Save(
        file,
        [new("weights", _weights), new("first", _first), new("second", _second)],
        new Dictionary<string, string> { ["steps"] = Steps.ToString() });

    /// <summary>Reads weights and states back.</summary>
    /// <param name="file">What <see cref="Save"/> wrote.</param>
    /// <param name="steps">Steps taken by then.</param>
    public void Load(string file, long steps)
    {
        using IDisposable mode = no_grad();
        using TensorSource source = Safetensors.Open(file);
        source.ReadInto("weights", _weights);
        source.ReadInto("first", _first);
        source.ReadInto("second", _second);
        Steps = steps;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _weights.Dispose();
        _gradients.Dispose();
        _first.Dispose();
        _second.Dispose();
    }
}
