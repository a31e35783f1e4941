namespace RlhfV.Models.Tokenization;

/// <summary>How a slow tokenizer treats a text around what the model file does.</summary>
/// <param name="AddBegin">Whether the begin token goes in front.</param>
/// <param name="AddEnd">Whether the end token goes behind.</param>
/// <param name="AddPrefix">Whether a mark is put before text at all.</param>
/// <param name="PrefixEveryStretch">Whether every stretch between added tokens gets the mark (<c>legacy</c>), or the first alone.</param>
internal sealed record SentencePieceRules(bool AddBegin, bool AddEnd, bool AddPrefix, bool PrefixEveryStretch);
