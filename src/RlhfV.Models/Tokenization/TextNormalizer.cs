namespace RlhfV.Models.Tokenization;

/// <summary>A step that rewrites a stretch of text before it is split.</summary>
internal abstract class TextNormalizer
{
    public abstract AlignedText Normalize(AlignedText text);
}
