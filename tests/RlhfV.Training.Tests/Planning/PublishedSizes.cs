using RlhfV.Models.Architectures.Llava;

namespace RlhfV.Training.Tests.Planning;

/// <summary>Sizes of published models, as their <c>config.json</c> gives them.</summary>
internal static class PublishedSizes
{
    /// <summary>CLIP-ViT-L/14 at 336 pixels.</summary>
    public static ClipVisionConfig ClipLarge { get; } =
        new() { ImageSize = 336, PatchSize = 14, HiddenSize = 1024, FeedForwardSize = 4096, Layers = 24, Heads = 16 };

    /// <summary>llava-hf/llava-1.5-7b-hf.</summary>
    public static LlavaConfig Llava7B { get; } = Llava(4096, 11008, 32, 32);

    /// <summary>llava-hf/llava-1.5-13b-hf.</summary>
    public static LlavaConfig Llava13B { get; } = Llava(5120, 13824, 40, 40);

    private static LlavaConfig Llava(long hidden, long inner, int layers, long heads) => new()
    {
        Vision = ClipLarge,
        ImageTokenId = 32000,
        Text = new()
        {
            VocabularySize = 32064,
            HiddenSize = hidden,
            FeedForwardSize = inner,
            Layers = layers,
            Heads = heads,
            KeyValueHeads = heads,
            HeadSize = 128,
            MaxPositions = 4096,
        },
    };
}
