using RlhfV.Models.Architectures.Llama;
using RlhfV.Models.Architectures.Llava;
using RlhfV.Models.Modules;

namespace RlhfV.Models.Tests.Architectures;

public sealed class LlavaSizesTests
{
    [Fact]
    public void Llava_HasAsManyParametersAsPublished()
    {
        Assert.Equal(7_063_427_072, Count(new LlavaNetwork(LlavaConfig.V15With7B)));
        Assert.Equal(13_351_494_656, Count(new LlavaNetwork(LlavaConfig.V15With13B)));
    }

    [Fact]
    public void Vicuna_HasAsManyParametersAsPublished()
    {
        Assert.Equal(6_738_415_616, Count(new LlamaNetwork(DecoderConfig.Vicuna7B)));
        Assert.Equal(13_015_864_320, Count(new LlamaNetwork(DecoderConfig.Vicuna13B)));
    }

    // The weights take address space but no memory: nobody writes to them.
    private static long Count(VisionLanguageNetwork network)
    {
        using (network)
        {
            return NetworkShape.Of(network).Count;
        }
    }
}
