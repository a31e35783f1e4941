using static TorchSharp.torch;

namespace RlhfV.Models.Checkpoints;

/// <summary>Two checkpoints as one. Where both have a tensor of one name, the first one's is used.</summary>
/// <param name="first">A checkpoint; owned from now on.</param>
/// <param name="second">Another one; owned from now on.</param>
internal sealed class JoinedTensorSource(TensorSource first, TensorSource second) : TensorSource
{
    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, TensorInfo> Tensors { get; } =
        first.Tensors.Concat(second.Tensors.Where(t => !first.Tensors.ContainsKey(t.Key))).ToDictionary(t => t.Key, t => t.Value);

    /// <inheritdoc/>
    public override string FileOf(string name) => Holding(name).FileOf(name);

    /// <inheritdoc/>
    public override void ReadInto(string name, Tensor destination) => Holding(name).ReadInto(name, destination);

    /// <inheritdoc/>
    public override void Dispose()
    {
        first.Dispose();
        second.Dispose();
    }

    private TensorSource Holding(string name) => first.Tensors.ContainsKey(name) ? first : second;
}
