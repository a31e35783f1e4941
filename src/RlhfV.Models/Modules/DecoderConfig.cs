namespace RlhfV.Models.Modules;

/// <summary>Sizes of a Llama-style decoder, as <c>text_config</c> of a checkpoint names them.</summary>
public sealed record DecoderConfig
{
    /// <summary>Vicuna 7B v1.5, a Llama 2: the decoder of LLaVA-1.5-7B.</summary>
    public static DecoderConfig Vicuna7B { get; } = new()
    {
        VocabularySize = 32000,
        HiddenSize = 4096,
        FeedForwardSize = 11008,
        Layers = 32,
        Heads = 32,
        KeyValueHeads = 32,
        HeadSize = 128,
        NormEpsilon = 1e-5,
        MaxPositions = 4096,
    };

    /// <summary>Vicuna 13B v1.5, a Llama 2: the decoder of LLaVA-1.5-13B.</summary>
    public static DecoderConfig Vicuna13B { get; } = Vicuna7B with
    {
        HiddenSize = 5120,
        FeedForwardSize = 13824,
        Layers = 40,
        Heads = 40,
        KeyValueHeads = 40,
    };

    /// <summary>Rows of the token table and of the output head.</summary>
    public required long VocabularySize { get; init; }

    /// <summary>Width of the residual stream.</summary>
    public required long HiddenSize { get; init; }

    /// <summary>Width inside the feed-forward block.</summary>
    public required long FeedForwardSize { get; init; }

    /// <summary>Number of layers.</summary>
    public required int Layers { get; init; }

    /// <summary>Number of query heads.</summary>
    public required long Heads { get; init; }

    /// <summary>Number of key and value heads; divides <see cref="Heads"/>.</summary>
    public required long KeyValueHeads { get; init; }

    /// <summary>Width of one head.</summary>
    public required long HeadSize { get; init; }

    /// <summary>Epsilon of the root mean square norms. Default 1e-6.</summary>
    public double NormEpsilon { get; init; } = 1e-6;

    /// <summary>Base of the rotary frequencies. Default 10000.</summary>
    public double RotaryTheta { get; init; } = 10000;

    /// <summary>How long wavelengths are stretched, as Llama 3.1 has it; null for plain frequencies. Default null.</summary>
    public Llama3RotaryScaling? RotaryScaling { get; init; }

    /// <summary>
    /// How many of a head's frequencies turn with each axis of the positions, first to last, in families that count on several axes
    /// (<c>mrope_section</c>); they add up to half of <see cref="HeadSize"/>. Default null: one axis for all.
    /// </summary>
    public IReadOnlyList<int>? RotarySections { get; init; }

    /// <summary>Longest sequence the model was made for, in tokens. Default 2048.</summary>
    public int MaxPositions { get; init; } = 2048;

    /// <summary>Whether query, key and value projections have a bias. Default false.</summary>
    public bool AttentionBias { get; init; }

    /// <summary>Whether the output head is the token table itself. Default false.</summary>
    public bool TiedHead { get; init; }
}
