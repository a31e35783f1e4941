using RlhfV.Models;
using RlhfV.Models.Modules;
using RlhfV.Training.Lora;
using TorchSharp.Modules;

namespace RlhfV.Training.Loop;

/// <summary>
/// A network put into training: what learns and what is frozen. Disposing it gives the network back as a user expects it: in evaluation
/// mode, gradients gone, parameters marked as they were.
/// </summary>
internal sealed class TrainableNetwork : IDisposable
{
    private readonly VisionLanguageNetwork _network;
    private readonly LoraAdapters? _adapters;
    private readonly (Parameter Parameter, bool Learned)[] _before;

    /// <summary>Prepares a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="options">What is frozen, and how memory is saved.</param>
    /// <param name="adapters">What learns instead of the weights, or null.</param>
    public TrainableNetwork(VisionLanguageNetwork network, TrainingOptions options, LoraAdapters? adapters)
    {
        (_network, _adapters) = (network, adapters);
        (string Name, Parameter Parameter)[] all = [.. network.named_parameters()];
        _before = [.. all.Select(p => (p.Parameter, p.Parameter.requires_grad))];
        foreach ((string name, Parameter parameter) in all)
        {
            parameter.requires_grad = adapters is null && !options.FrozenParts.Contains(network.PartOf(name));
        }

        Parameters = adapters is null ? [.. all.Where(p => p.Parameter.requires_grad)] : [.. adapters.Parameters];
        Recompute(options.Recompute);
        network.train();
    }

    /// <summary>The parameters that learn, in the network's order.</summary>
    public IReadOnlyList<(string Name, Parameter Parameter)> Parameters { get; }

    /// <summary>Announces a training pass: every pass drops other inputs.</summary>
    /// <param name="pass">Its number within the run.</param>
    public void BeginPass(long pass) => _adapters?.SetPass(pass);

    /// <summary>Puts the network into evaluation mode until the result is disposed.</summary>
    public IDisposable Evaluate()
    {
        _adapters?.SetPass(null);
        _network.eval();
        return new Evaluation(_network);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach ((Parameter parameter, bool learned) in _before)
        {
            parameter.grad = null;
            parameter.requires_grad = learned;
        }

        Recompute(false);
        _network.eval();
    }

    private void Recompute(bool recompute)
    {
        foreach (Decoder decoder in _network.modules().OfType<Decoder>())
        {
            decoder.Recompute = recompute;
        }
    }

    private sealed class Evaluation(VisionLanguageNetwork network) : IDisposable
    {
        public void Dispose() => network.train();
    }
}
