using RlhfV.Models.Modules;
using static TorchSharp.torch;

namespace RlhfV.Training.Packing;

/// <summary>The tensors of a <see cref="PackedBatch"/> on a device; letters as there. Made inside the caller's dispose scope.</summary>
public sealed class BatchTensors
{
    /// <summary>Copies a batch to a device, one copy per table.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="device">Where the tensors shall live.</param>
    /// <param name="type">Type of the attention mask: the network's.</param>
    public BatchTensors(PackedBatch batch, Device device, ScalarType type)
    {
        ArgumentNullException.ThrowIfNull(batch);
        long[] rows = [batch.Rows, batch.Length];
        long[] table = [batch.TableRows, batch.Columns];
        Ids = tensor(batch.Ids, rows, device: device);
        Positions = tensor(batch.Positions, batch.Axes == 1 ? rows : [.. rows, batch.Axes], device: device);
        Predictors = tensor(batch.Predictors, device: device);
        PredictorOf = tensor(batch.PredictorOf, device: device);
        Targets = tensor(batch.Targets, device: device);
        Scored = tensor(batch.Scored, table, device: device);
        Changed = tensor(batch.Changed, table, device: device);
        Mask = batch.Masked ? BranchMask(tensor(batch.Branches, rows, device: device), type) : null;
    }

    /// <summary>Token ids, <c>[B, T]</c>, int64.</summary>
    public Tensor Ids { get; }

    /// <summary>Positions, <c>[B, T]</c>, int64, with a last dimension of axes in families that have several.</summary>
    public Tensor Positions { get; }

    /// <summary>
    /// Additive attention mask, <c>[B, 1, T, T]</c>. Null without branches: padding stands at the end, where causal order alone hides it.
    /// </summary>
    public Tensor? Mask { get; }

    /// <summary>Rows of the flattened hidden states that need logits, <c>[U]</c>, int64.</summary>
    public Tensor Predictors { get; }

    /// <summary>Index into <see cref="Predictors"/> of each scored token, <c>[S * R]</c>, int64.</summary>
    public Tensor PredictorOf { get; }

    /// <summary>Id of each scored token, <c>[S * R]</c>, int64.</summary>
    public Tensor Targets { get; }

    /// <summary>1 where the table holds a token, <c>[S, R]</c>, fp32.</summary>
    public Tensor Scored { get; }

    /// <summary>1 where the token was corrected, <c>[S, R]</c>, fp32.</summary>
    public Tensor Changed { get; }

    private static Tensor BranchMask(Tensor branches, ScalarType type)
    {
        using var scope = NewDisposeScope();
        long length = branches.shape[1];
        Tensor query = branches.unsqueeze(2);                                                       // [B, T, 1]
        Tensor key = branches.unsqueeze(1);                                                         // [B, 1, T]
        Tensor visible = key.EqualTo(PackedBatch.SharedBranch).logical_or(key.eq(query));                // [B, T, T]
        visible = visible.logical_and(ones(length, length, dtype: ScalarType.Bool, device: branches.device).tril());

        // Padding sees the shared tokens as well, so no row of the softmax is empty and nothing becomes NaN.
        Tensor mask = zeros(visible.shape, dtype: type, device: branches.device);
        return mask.Filled(visible.logical_not(), double.NegativeInfinity).unsqueeze(1).MoveToOuterDisposeScope();
    }
}
