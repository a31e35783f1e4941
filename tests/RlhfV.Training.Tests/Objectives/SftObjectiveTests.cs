using RlhfV.Training.Objectives;
using static TorchSharp.torch;

namespace RlhfV.Training.Tests.Objectives;

public class SftObjectiveTests
{
    public SftObjectiveTests() => RlhfV.Models.Native.NativeLibraries.EnsureLoaded();

    [Fact]
    public void Loss_OfMicroBatches_AddsUpToTheMeanOverAllTokens()
    {
        using var scope = NewDisposeScope();
        Tensor first = SftObjective.Loss(tensor(new float[,] { { -1, -2, -7 } }), tensor(new float[,] { { 1, 1, 0 } }), batchTokens: 3);
        Tensor second = SftObjective.Loss(tensor(new float[,] { { -6 } }), tensor(new float[,] { { 1 } }), batchTokens: 3);

        Assert.Equal(3.0, first.item<float>() + second.item<float>(), 6);
    }

    [Fact]
    public void Loss_NoTokens_IsRefused()
    {
        using var scope = NewDisposeScope();

        Assert.Throws<ArgumentOutOfRangeException>(() => SftObjective.Loss(zeros(1, 1), zeros(1, 1), batchTokens: 0));
    }
}
