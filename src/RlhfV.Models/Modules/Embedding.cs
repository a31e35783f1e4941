using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RlhfV.Models.Modules;

/// <summary>A table of vectors looked up by id.</summary>
public sealed class Embedding : NamedLayer
{
    /// <summary>Makes the table.</summary>
    /// <param name="rows">Number of ids.</param>
    /// <param name="width">Width of a vector.</param>
    public Embedding(long rows, long width)
        : base(nameof(Embedding))
    {
        Weight = new Parameter(empty(rows, width));
        register_parameter("weight", Weight);
    }

    /// <summary>The table, <c>[rows, width]</c>.</summary>
    public Parameter Weight { get; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return Weight.index_select(0, input.reshape(-1)).view([.. input.shape, Weight.shape[1]]).MoveToOuterDisposeScope();
    }
}
