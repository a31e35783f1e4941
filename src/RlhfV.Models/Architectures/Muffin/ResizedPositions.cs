using RlhfV.Models.Checkpoints;
using static TorchSharp.torch;

namespace RlhfV.Models.Architectures.Muffin;

/// <summary>A checkpoint whose tower was made for another picture size: its position table comes resized, all else as it is stored.</summary>
internal sealed class ResizedPositions : TensorSource
{
    private const string Table = "model.vision_tower." + Beit3Tower.PatchPositions;

    private readonly TensorSource _stored;
    private readonly long _grid;

    private ResizedPositions(TensorSource stored, TensorInfo table, long grid)
    {
        (_stored, _grid) = (stored, grid);
        long[] shape = [Beit3Positions.RowsOf(grid), table.Shape[1]];
        Tensors = stored.Tensors.ToDictionary(
            t => t.Key, t => t.Key == Table ? table with { Shape = shape } : t.Value, StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, TensorInfo> Tensors { get; }

    /// <summary>The checkpoint for a tower: itself where its grid is the tower's, or no grid at all, which loading refuses.</summary>
    /// <param name="stored">The checkpoint; owned by the result.</param>
    /// <param name="tower">The tower's sizes.</param>
    public static TensorSource For(TensorSource stored, Beit3Config tower) =>
        stored.Tensors.TryGetValue(Table, out TensorInfo? table) && table.Shape.Count == 2
            && Beit3Positions.GridOf(table.Shape[0]) is { } grid && grid != tower.Grid
            ? new ResizedPositions(stored, table, tower.Grid)
            : stored;

    /// <inheritdoc/>
    public override string FileOf(string name) => _stored.FileOf(name);

    /// <inheritdoc/>
    public override void ReadInto(string name, Tensor destination)
    {
        if (name != Table)
        {
            _stored.ReadInto(name, destination);
            return;
        }

        using var scope = NewDisposeScope();
        using IDisposable quiet = no_grad();
        destination.copy_(Beit3Positions.Resize(_stored.Read(name, ScalarType.Float32), _grid));
    }

    /// <inheritdoc/>
    public override void Dispose() => _stored.Dispose();
}
