namespace RlhfV.Models.Tokenization;

/// <summary>How <see cref="TextTokenizer.Load"/> reads a folder.</summary>
public sealed record TextTokenizerOptions
{
    /// <summary>The file that decides. Default <see cref="TokenizerSource.Automatic"/>.</summary>
    public TokenizerSource Source { get; init; }
}
