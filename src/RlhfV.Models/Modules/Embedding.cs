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

    /// <summary>A row that looking up gives no gradient (PyTorch's <c>padding_idx</c>); null for none. Its value is used like any other.</summary>
    public long? PaddingRow { get; set; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        Tensor ids = input.reshape(-1);
        Tensor rows = Weight.index_select(0, ids);
        if (PaddingRow is { } padding && rows.requires_grad)
        {
            rows = where(ids.EqualTo(padding).unsqueeze(-1), rows.detach(), rows);
        }

        return rows.view([.. input.shape, Weight.shape[1]]).MoveToOuterDisposeScope();
    }
}
