using RlhfV.Models.Generation;
using static TorchSharp.torch;

namespace RlhfV.Models.Tests.Generation;

public sealed class KvCacheTests
{
    [Fact]
    public void Append_ToRowsOfDifferentLength_PutsEachTokenBehindItsRow()
    {
        using var scope = NewDisposeScope();
        using var cache = new KvCache(1, 2, 1, 4, 1, ScalarType.Float32, CPU);
        cache.Layers[0].Append(Values([1, 2, 3, 4], 2, 2), Values([1, 2, 3, 4], 2, 2));
        cache.Truncate(1, 1);
        (Tensor keys, Tensor values) = cache.Layers[0].Append(Values([5, 6], 2, 1), Values([7, 8], 2, 1));
        Assert.Equal([1, 2, 5, 3, 6, 0], keys.reshape(-1).data<float>().ToArray());
        Assert.Equal([1, 2, 7, 3, 8, 0], values.reshape(-1).data<float>().ToArray());
        Assert.Equal([3L, 2L], cache.Lengths);
        Assert.Throws<InvalidOperationException>(() => cache.Layers[0].Append(Values([1, 2, 3, 4], 2, 2), Values([1, 2, 3, 4], 2, 2)));
    }

    [Fact]
    public void RowsComeAndGo_OthersKeepTheirContent()
    {
        using var scope = NewDisposeScope();
        using var cache = new KvCache(2, 1, 1, 2, 1, ScalarType.Float32, CPU);
        AppendToAll(cache, Values([1, 2], 1, 2));
        cache.Reserve(3, 4);
        cache.AddRows(2);
        AppendToAll(cache, Values([3, 4, 5, 6], 2, 2));
        cache.UseAllRows();
        Assert.Equal([2L, 2L, 2L], cache.Lengths);
        cache.RemoveAt(0);
        (Tensor keys, _) = AppendToAll(cache, Values([7, 8], 2, 1));
        Assert.Equal([5, 6, 7, 3, 4, 8], keys.reshape(-1).data<float>().ToArray());
        Assert.Equal(2 * 2 * 3 * 4 * sizeof(float), cache.Bytes);
        cache.RemoveAt(1);
        cache.RemoveAt(0);
        Assert.Equal((0, 0L), (cache.Rows, cache.Length));
    }

    private static Tensor Values(float[] values, long rows, long tokens) => tensor(values, [rows, 1, tokens, 1]);

    private static (Tensor Keys, Tensor Values) AppendToAll(KvCache cache, Tensor values) =>
        cache.Layers.Select(layer => layer.Append(values, values)).ToArray()[^1];
}
