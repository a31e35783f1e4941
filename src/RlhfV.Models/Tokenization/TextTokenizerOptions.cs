namespace RlhfV.Models.Tokenization;

/// <summary>How <see cref="TextTokenizer.Load"/> reads a folder.</summary>
public sealed record TextTokenizerOptions
{
    /// <summary>The file that decides. Default <see cref="TokenizerSource.Automatic"/>.</summary>
    public TokenizerSource Source { get; init; }

    /// <summary>
    /// For <see cref="TokenizerSource.SentencePiece"/>: whether every stretch of text between special tokens gets a blank of its own in
    /// front
    /// (true, how checkpoints up to mid-2023 were trained, RLHF-V among them) or the text's start alone (false). Null, the default, takes
    /// <c>legacy</c> from <c>tokenizer_config.json</c>, true where it says nothing.
    /// </summary>
    public bool? Legacy { get; init; }

    /// <summary>
    /// Special tokens to have where the files lack them, numbered behind the highest id in the order given; default none. The original
    /// LLaVA
    /// layout needs <c>&lt;image&gt;</c>, whose id the network replaces before it looks up embeddings. With
    /// <see cref="TokenizerSource.SentencePiece"/> the text behind such a token is encoded like the start of a text, as the original code
    /// does.
    /// </summary>
    public IReadOnlyList<string> Placeholders { get; init; } = [];
}
