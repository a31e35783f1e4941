using RlhfV.Models.Modules;
using static TorchSharp.torch;

namespace RlhfV.Models.Tests.Modules;

public sealed class RotaryEmbeddingTests
{
    private static readonly RotaryEmbedding Plain = new(16, 10000);
    private static readonly RotaryEmbedding Divided = new(16, 10000, sections: [2, 3, 3]);

    public RotaryEmbeddingTests() => RlhfV.Models.Native.NativeLibraries.EnsureLoaded();

    [Fact]
    public void At_EqualAxes_IsAtOnePosition()
    {
        using var scope = NewDisposeScope();
        Tensor positions = tensor(new long[] { 0, 5, 700 }).unsqueeze(0);
        Tensor expected = Plain.At(positions, ScalarType.Float32).Sine;
        Assert.True(expected.equal(Divided.At(positions, ScalarType.Float32).Sine).all().item<bool>());
        Assert.True(expected.equal(Divided.At(positions.unsqueeze(-1).expand(1, 3, 3), ScalarType.Float32).Sine).all().item<bool>());
    }

    [Fact]
    public void At_EachSection_TurnsWithItsAxis()
    {
        using var scope = NewDisposeScope();
        long[] places = [3, 11, 40];
        Tensor actual = Divided.At(tensor(places, [1, 1, 3]), ScalarType.Float32).Cosine;
        int from = 0;
        foreach ((long place, int count) in places.Zip([2, 3, 3]))
        {
            Tensor alone = Plain.At(tensor(new[] { place }).unsqueeze(0), ScalarType.Float32).Cosine;
            foreach (int half in (int[])[0, 8])
            {
                Assert.True(actual.narrow(-1, half + from, count).equal(alone.narrow(-1, half + from, count)).all().item<bool>());
            }

            from += count;
        }
    }

    [Fact]
    public void At_AxesWithoutSections_AreRefused()
    {
        using var scope = NewDisposeScope();
        Assert.Throws<ArgumentException>(() => Plain.At(zeros(1, 4, 3, dtype: ScalarType.Int64), ScalarType.Float32));
        Assert.Throws<ArgumentException>(() => Divided.At(zeros(1, 4, 2, dtype: ScalarType.Int64), ScalarType.Float32));
    }
}
