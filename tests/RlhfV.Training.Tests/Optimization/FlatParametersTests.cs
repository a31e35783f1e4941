using RlhfV.Training.Optimization;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RlhfV.Training.Tests.Optimization;

public class FlatParametersTests
{
    public FlatParametersTests() => RlhfV.Models.Native.NativeLibraries.EnsureLoaded();

    [Fact]
    public void Constructor_NetworksParameters_BackwardAddsIntoTheBuffer()
    {
        using var network = TinyNetworks.Llava(1);
        using var scope = NewDisposeScope();
        (string, Parameter)[] named = [.. network.named_parameters()];
        float[] before = TinyNetworks.Weights(network);
        using var flat = new FlatParameters(named, (_, p) => new ParameterGroup(p.ndim > 1 ? 0.1 : 0));
        Assert.Equal(before, TinyNetworks.Weights(network));

        for (int i = 0; i < 2; i++)
        {
            network.Head(network.Decode(network.EmbedTokens(arange(5).unsqueeze(0)), arange(5).unsqueeze(0))).sum().backward();
        }

        Dictionary<string, Parameter> byName = named.ToDictionary(p => p.Item1, p => p.Item2);
        foreach (FlatPlace place in flat.Places)
        {
            float[] inBuffer = place.In(flat.Gradients).contiguous().data<float>().ToArray();
            Assert.Equal(byName[place.Name].grad!.contiguous().data<float>().ToArray(), inBuffer);
        }

        Assert.True(flat.Gradients.abs().max().item<float>() > 0);
        Assert.Equal(flat.Count, flat.Ranges.Sum(range => range.Length));
        Assert.All(flat.Ranges, range => Assert.Equal(0, range.Start % FlatParameters.Alignment));
    }

    [Fact]
    public void Dispose_Afterwards_ParametersKeepTheirValuesWithoutGradients()
    {
        using var network = TinyNetworks.Llava(1);
        float[] before = TinyNetworks.Weights(network);

        new FlatParameters(network.named_parameters(), (_, _) => new ParameterGroup(0)).Dispose();

        Assert.Equal(before, TinyNetworks.Weights(network));
        Assert.All(network.parameters(), p => Assert.Null(p.grad));
    }

    [Fact]
    public void Constructor_MixedTypes_NamesTheOddOne()
    {
        using var scope = NewDisposeScope();
        var wide = new Parameter(zeros(2));
        var narrow = new Parameter(zeros(2).to(ScalarType.BFloat16));

        var error = Assert.Throws<ArgumentException>(() =>
            new FlatParameters([("wide", wide), ("narrow", narrow)], (_, _) => new ParameterGroup(0)));

        Assert.Contains("'narrow'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_NoParameter_IsRefused() =>
        Assert.Throws<ArgumentException>(() => new FlatParameters([], (_, _) => new ParameterGroup(0)));
}
