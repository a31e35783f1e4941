using RlhfV.Extensions.AI.Worker;
using static TorchSharp.torch;

namespace RlhfV.Extensions.AI.Tests.Worker;

public sealed class ImageFeatureCacheTests
{
    [Fact]
    public void Trim_KeepsThoseUsedLast_AndDisposesTheOthers()
    {
        using var cache = new ImageFeatureCache();
        Tensor a = zeros(2, 3), b = zeros(2, 3), c = zeros(2, 3);
        cache.Add("a", a);
        cache.Add("b", b);
        cache.Add("c", c);
        Assert.Equal(3 * 6 * sizeof(float), cache.Bytes);
        Assert.Same(a, cache.Find("a"));
        cache.Trim(2);
        Assert.Null(cache.Find("b"));
        Assert.True(b.IsInvalid);
        Assert.Same(c, cache.Find("c"));
        Assert.Equal(2 * 6 * sizeof(float), cache.Bytes);
        cache.Trim(0);
        Assert.Equal(0, cache.Bytes);
        Assert.True(a.IsInvalid && c.IsInvalid);
    }
}
