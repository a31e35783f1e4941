using System.Runtime.CompilerServices;
using RlhfV.Models;

namespace RlhfV.Training.Loop;

/// <summary>
/// Marks a network as being trained until it is disposed. Two runs that write the same weights and gradients from two threads end the process
/// in native code.
/// </summary>
internal sealed class RunningModel : IDisposable
{
    private static readonly ConditionalWeakTable<VisionLanguageNetwork, RunningModel> Running = [];
    private readonly VisionLanguageNetwork _network;

    /// <summary>Marks a network.</summary>
    /// <exception cref="InvalidOperationException">It is being trained already.</exception>
    public RunningModel(VisionLanguageNetwork network)
    {
        _network = network;
        if (!Running.TryAdd(network, this))
        {
            throw new InvalidOperationException("The model is being trained by another call already. Wait for it, or train a clone.");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Running.Remove(_network);
}
