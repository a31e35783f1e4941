using RlhfV.Models;
using TorchSharp.Modules;

namespace RlhfV.Training.Loop;

/// <summary>
/// A network put into training: chosen parts frozen, the rest ready to learn. Disposing it gives the network back as a user expects it:
/// in evaluation mode, gradients gone, parameters marked as they were.
/// </summary>
internal sealed class TrainableNetwork : IDisposable
{
    private readonly VisionLanguageNetwork _network;
    private readonly (Parameter Parameter, bool Learned)[] _before;

    public TrainableNetwork(VisionLanguageNetwork network, IEnumerable<NetworkPart> frozen)
    {
        _network = network;
        HashSet<NetworkPart> held = [.. frozen];
        (string Name, Parameter Parameter)[] all = [.. network.named_parameters()];
        _before = [.. all.Select(p => (p.Parameter, p.Parameter.requires_grad))];
        foreach ((string name, Parameter parameter) in all)
        {
            parameter.requires_grad = !held.Contains(network.PartOf(name));
        }

        Parameters = [.. all.Where(p => p.Parameter.requires_grad)];
        network.train();
    }

    /// <summary>The parameters that learn, in the network's order.</summary>
    public IReadOnlyList<(string Name, Parameter Parameter)> Parameters { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach ((Parameter parameter, bool learned) in _before)
        {
            parameter.grad = null;
            parameter.requires_grad = learned;
        }

        _network.eval();
    }
}
