using RlhfV.Models;
using RlhfV.Models.Architectures.Llava;
using RlhfV.Models.Images;
using RlhfV.Training.Examples;
using static TorchSharp.torch;

namespace RlhfV.Training.Tests;

/// <summary>Networks of a few thousand random weights, and pairs that fit them.</summary>
internal static class TinyNetworks
{
    public const int ImageToken = 60;
    public const int ImageSize = 32;
    public const int ImageTokens = 4;

    static TinyNetworks()
    {
        RlhfV.Models.Native.NativeLibraries.EnsureLoaded();
        set_num_threads(1);
    }

    public static LlavaConfig LlavaConfig { get; } = new()
    {
        Vision = new() { ImageSize = ImageSize, PatchSize = 16, HiddenSize = 16, FeedForwardSize = 32, Layers = 2, Heads = 2 },
        Text = new() { VocabularySize = 64, HiddenSize = 32, FeedForwardSize = 48, Layers = 2, Heads = 4, KeyValueHeads = 2, HeadSize = 8 },
        ImageTokenId = ImageToken,
    };

    public static LlavaNetwork Llava(int seed)
    {
        var network = new LlavaNetwork(LlavaConfig);
        using var generator = new Generator((ulong)seed);
        using IDisposable quiet = no_grad();
        using var scope = NewDisposeScope();
        foreach ((string name, TorchSharp.Modules.Parameter parameter) in network.named_parameters())
        {
            bool isNormScale = parameter.ndim == 1 && name.EndsWith("weight", StringComparison.Ordinal);
            parameter.copy_(isNormScale
                ? ones(parameter.shape)
                : randn(parameter.shape, generator: generator).mul(tensor(parameter.ndim == 1 ? 0.05f : 0.25f)));
        }

        network.eval();
        return network;
    }

    /// <summary>A random pair: pictures, prompt, shared beginning, two different rests with some changed tokens.</summary>
    public static EncodedPair Pair(
        int seed, int prompt = 5, int shared = 4, int chosen = 6, int rejected = 7, bool withPicture = true, int pictures = 1)
    {
        var random = new Random(seed);
        int[] head = [1, .. withPicture ? Enumerable.Repeat(ImageToken, pictures * ImageTokens) : [], .. Words(prompt)];
        int[] common = [.. Words(shared)];
        return new EncodedPair($"pair {seed}", Sequence([5, .. Words(chosen)]), Sequence([6, .. Words(rejected)]),
            withPicture ? [.. Enumerable.Range(0, pictures).Select(i => Picture(seed + 100 * i))] : []);

        IEnumerable<int> Words(int count) => Enumerable.Range(0, count).Select(_ => random.Next(3, 59));

        EncodedSequence Sequence(int[] rest) => new(
            [.. head, .. common, .. rest],
            [
                .. Enumerable.Repeat(TokenRole.Unscored, head.Length),
                .. Enumerable.Repeat(TokenRole.Unchanged, common.Length),
                .. rest.Select((_, i) => i < 3 ? TokenRole.Changed : TokenRole.Unchanged),
            ]);
    }

    public static ExamplePicture Picture(int seed) => new($"picture {seed}", () =>
    {
        var random = new Random(seed + 1000);
        return new ProcessedImage
        {
            Shape = [3, ImageSize, ImageSize],
            Values = [.. Enumerable.Range(0, 3 * ImageSize * ImageSize).Select(_ => (float)(random.NextDouble() - 0.5))],
        };
    });

    /// <summary>All weights, one after the other.</summary>
    public static float[] Weights(VisionLanguageNetwork network) =>
        [.. network.named_parameters().SelectMany(p => p.parameter.detach().cpu().contiguous().data<float>().ToArray())];
}
