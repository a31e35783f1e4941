using System.Text.Json;
using RlhfV.Models.Modules;

namespace RlhfV.Models.Architectures.Muffin;

/// <summary>
/// Sizes of a Muffin model (arXiv 2310.00653), as <c>config.json</c> of the RLHF-V checkpoints gives them. What that file says of training
/// (<c>fully_tune</c>, <c>freeze_mm_mlp_adapter</c>, <c>tune_mm_mlp_adapter</c>, <c>initializer_range</c>) and of the libraries of its
/// time is kept and has no effect here; <c>max_sequence_length</c> is no key of the Llama decoder, whose 2048 positions are a default.
/// </summary>
public sealed record MuffinConfig
{
    /// <summary>The vision tower.</summary>
    public required Beit3Config Vision { get; init; }

    /// <summary>The decoder.</summary>
    public required DecoderConfig Text { get; init; }

    /// <summary>Number of learnable queries: features, and image tokens, of one picture. Default 64.</summary>
    public long Queries { get; init; } = 64;

    /// <summary>Id of <c>&lt;im_patch&gt;</c>.</summary>
    public required long ImageTokenId { get; init; }

    /// <summary>
    /// Row of the token table that never gets a gradient, null for none. The released <c>pad_token_id</c> is -1, which PyTorch counts from
    /// the end: it is <c>&lt;im_end&gt;</c> that stays as it was. Default null.
    /// </summary>
    public long? PaddingRow { get; init; }

    /// <summary>RLHF-V_v0 and RLHF-V_v0_SFT: BEiT-3 large at 448 pixels with 64 queries, Vicuna 13B with four more tokens.</summary>
    public static MuffinConfig RlhfV13B { get; } = new()
    {
        Vision = Beit3Config.Large(),
        Text = new DecoderConfig
        {
            VocabularySize = 32004,
            HiddenSize = 5120,
            FeedForwardSize = 13824,
            Layers = 40,
            Heads = 40,
            KeyValueHeads = 40,
            HeadSize = 128,
        },
        ImageTokenId = 32001,
        PaddingRow = 32003,
    };

    /// <summary>Reads the configuration, filling in the defaults that published files leave out.</summary>
    /// <param name="root">The content of <c>config.json</c>.</param>
    /// <exception cref="ModelFormatException">A value is missing or of the wrong kind, or names something this family does not have.</exception>
    public static MuffinConfig Read(JsonElement root) => Read(new ConfigReader(root, "config.json"));

    internal static MuffinConfig Read(ConfigReader json)
    {
        RequireTrue(json, "use_mm_proj", "a Muffin without projector is not supported");
        RequireTrue(json, "mm_use_im_start_end", "only pictures between <im_start> and <im_end> are supported");
        DecoderConfig text = LlamaConfigReader.Read(json, json);
        Beit3Config vision = Beit3Config.Read(json);
        long queries = json.Integer("num_query", 64);
        if (queries < 1 || queries > vision.QueryPositions - 2)
        {
            throw new ModelFormatException($"{json.Where}: 'num_query' is {queries}; expected 1 to {vision.QueryPositions - 2}.");
        }

        // Released files do not name the image token: its tokenizer adds [PAD], <im_patch>, <im_start> and <im_end> in this order.
        long imageToken = json.Integer("image_token_index", text.VocabularySize - 3);
        if (imageToken < 0 || imageToken >= text.VocabularySize)
        {
            throw new ModelFormatException(
                $"{json.Where}: 'image_token_index' is {imageToken}; expected 0 to {text.VocabularySize - 1} ('vocab_size' less one).");
        }

        return new MuffinConfig
        {
            Vision = vision,
            Text = text,
            Queries = queries,
            ImageTokenId = imageToken,
            PaddingRow = ReadPaddingRow(json, text.VocabularySize),
        };
    }

    private static long? ReadPaddingRow(ConfigReader json, long rows)
    {
        if (!json.Has("pad_token_id"))
        {
            return null;
        }

        long row = json.Integer("pad_token_id", 0);
        return row >= -rows && row < rows
            ? row < 0 ? row + rows : row
            : throw new ModelFormatException(
                $"{json.Where}: 'pad_token_id' is {row}; expected {-rows} to {rows - 1}, or null for no padding row.");
    }

    private static void RequireTrue(ConfigReader json, string key, string why)
    {
        if (!json.Boolean(key, true))
        {
            throw new ModelFormatException($"{json.Where}: '{key}' is false; expected true: {why}.");
        }
    }
}
