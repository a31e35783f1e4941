using RlhfV.Models.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace RlhfV.Models.Tests.Modules;

public class LinearProductTests
{
    [Theory]
    [InlineData(new long[] { 3, 7, 24 }, 40, true)]
    [InlineData(new long[] { 3, 7, 24 }, 40, false)]
    [InlineData(new long[] { 5, 24 }, 4100, false)]
    [InlineData(new long[] { 2, 2, 24 }, 4100, true)]
    public void Convolve_AnyShape_AgreesWithTheMatrixProductAndItsGradients(long[] shape, long outputs, bool withBias)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        Tensor upstream = randn([.. shape[..^1], outputs], generator: generator);
        Tensor[] start =
        [
            randn(shape, generator: generator),
            randn([outputs, shape[^1]], generator: generator),
            .. withBias ? [randn([outputs], generator: generator)] : Array.Empty<Tensor>(),
        ];
        Tensor[] plain = [.. start.Select(t => t.clone().requires_grad_())];
        Tensor[] fast = [.. start.Select(t => t.clone().requires_grad_())];

        Tensor expected = nn.functional.linear(plain[0], plain[1], plain.ElementAtOrDefault(2));
        Tensor actual = LinearProduct.Convolve(fast[0], fast[1], fast.ElementAtOrDefault(2));
        (expected * upstream).sum().backward();
        (actual * upstream).sum().backward();

        Assert.Equal(expected.shape, actual.shape);
        Near(expected, actual);
        Assert.All(plain.Zip(fast), pair => Near(pair.First.grad!, pair.Second.grad!));
    }

    [Fact]
    public void Of_InputThatIsNoBlockOfMemory_AgreesWithTheMatrixProduct()
    {
        using var scope = NewDisposeScope();
        Tensor x = randn(256, 300).t();
        Tensor weight = randn(512, 256);

        Near(nn.functional.linear(x, weight), LinearProduct.Of(x, weight, null));
        Near(nn.functional.linear(x, weight), LinearProduct.Convolve(x, weight, null));
    }

    [Theory]
    [InlineData(new long[] { 2, 1, 1024 })]
    [InlineData(new long[] { 8, 1, 1024 })]
    [InlineData(new long[] { 1, 37, 1024 })]
    public void Of_AFewRowsWithoutGradients_AgreesWithTheMatrixProduct(long[] shape)
    {
        using var scope = NewDisposeScope();
        using IDisposable mode = inference_mode();
        Tensor x = randn(shape);
        Tensor weight = randn(1024, 1024);
        Tensor expected = nn.functional.linear(x, weight);

        foreach (Tensor actual in (Tensor[])[LinearProduct.Of(x, weight, null), LinearProduct.Swap(x, weight)])
        {
            Assert.Equal(expected.shape, actual.shape);
            Near(expected, actual);
        }
    }

    [Theory]
    [InlineData(300, 512)]
    [InlineData(48, 8192)]
    public void Convolve_SameNumbersAgain_GivesTheSameBits(long rows, long outputs)
    {
        using var scope = NewDisposeScope();
        Tensor x = randn(rows, 256);
        Tensor weight = randn(outputs, 256);

        float[] first = RunOnce();

        Assert.Equal(first, RunOnce());

        float[] RunOnce()
        {
            using var inside = NewDisposeScope();
            (Tensor input, Tensor map) = (x.clone().requires_grad_(), weight.clone().requires_grad_());
            Tensor y = LinearProduct.Convolve(input, map, null);
            y.mul(y).sum().backward();
            return [.. new[] { y.detach(), input.grad!, map.grad! }.SelectMany(t => t.contiguous().data<float>().ToArray())];
        }
    }

    [Fact]
    public void Convolve_LeavesNoTensorBehind()
    {
        using Tensor x = randn(20, 64);
        using Tensor weight = randn(32, 64);
        LinearProduct.Convolve(x, weight, null).Dispose();
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        LinearProduct.Convolve(x, weight, null).Dispose();

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static void Near(Tensor expected, Tensor actual)
    {
        using var scope = NewDisposeScope();
        float scale = expected.abs().max().item<float>();
        float difference = (expected - actual).abs().max().item<float>();
        Assert.True(difference <= 2e-6 * scale, $"difference {difference} at a scale of {scale}");
    }
}
