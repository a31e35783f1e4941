using System.Text.Json;
using RlhfV.Models.Modules;

namespace RlhfV.Models.Architectures.Qwen25Vl;

/// <summary>Sizes of a Qwen2.5-VL model (arXiv 2502.13923), as <c>config.json</c> gives them.</summary>
public sealed record Qwen25VlConfig
{
    /// <summary>The vision tower and the merger.</summary>
    public required Qwen25VlVisionConfig Vision { get; init; }

    /// <summary>The decoder.</summary>
    public required DecoderConfig Text { get; init; }

    /// <summary>Id of <c>&lt;|image_pad|&gt;</c>. Default 151655.</summary>
    public long ImageTokenId { get; init; } = 151655;

    /// <summary>Qwen2.5-VL-3B-Instruct: 3,754,622,976 parameters, output head tied to the token table.</summary>
    public static Qwen25VlConfig Instruct3B { get; } = Published(2048, 11008, layers: 36, heads: 16, keyValueHeads: 2, 3420, 151936, tied: true);

    /// <summary>Qwen2.5-VL-7B-Instruct: 8,292,166,656 parameters.</summary>
    public static Qwen25VlConfig Instruct7B { get; } = Published(3584, 18944, layers: 28, heads: 28, keyValueHeads: 4, 3420, 152064);

    /// <summary>Qwen2.5-VL-72B-Instruct: 73,410,777,344 parameters.</summary>
    public static Qwen25VlConfig Instruct72B { get; } = Published(8192, 29568, layers: 80, heads: 64, keyValueHeads: 8, 3456, 152064);

    /// <summary>
    /// Reads the configuration: the published form with the decoder's keys at the top, or the newer one with <c>text_config</c>.
    /// </summary>
    /// <param name="root">The content of <c>config.json</c>.</param>
    /// <exception cref="ModelFormatException">A value is of the wrong kind, or names something this family does not have here.</exception>
    public static Qwen25VlConfig Read(JsonElement root) => Read(new ConfigReader(root, "config.json"));

    internal static Qwen25VlConfig Read(ConfigReader json)
    {
        ConfigReader vision = json.Object("vision_config");
        var config = new Qwen25VlConfig
        {
            Vision = Qwen25VlVisionConfig.Read(vision),
            Text = Qwen25VlTextConfigReader.Read(json.Has("text_config") ? json.Object("text_config") : json, json),
            ImageTokenId = json.Integer("image_token_id", 151655),
        };
        return config.Vision.OutputSize == config.Text.HiddenSize
            ? config
            : throw new ModelFormatException(
                $"{vision.Where}: 'out_hidden_size' is {config.Vision.OutputSize}; expected the decoder's 'hidden_size', {config.Text.HiddenSize}.");
    }

    private static Qwen25VlConfig Published(
        long hidden, long feedForward, int layers, long heads, long keyValueHeads, long towerFeedForward, long vocabulary, bool tied = false) => new()
        {
            Vision = new() { HiddenSize = 1280, FeedForwardSize = towerFeedForward, OutputSize = hidden },
            Text = new()
            {
                VocabularySize = vocabulary,
                HiddenSize = hidden,
                FeedForwardSize = feedForward,
                Layers = layers,
                Heads = heads,
                KeyValueHeads = keyValueHeads,
                HeadSize = hidden / heads,
                RotaryTheta = 1_000_000,
                RotarySections = [16, 24, 24],
                MaxPositions = 128_000,
                AttentionBias = true,
                TiedHead = tied,
            },
        };
}
