namespace RlhfV.Models.Tokenization;

/// <summary>Several steps in order.</summary>
internal sealed class NormalizerSequence(IReadOnlyList<TextNormalizer> steps) : TextNormalizer
{
    public override AlignedText Normalize(AlignedText text)
    {
        foreach (TextNormalizer step in steps)
            text = step.Normalize(text);
        return text;
    }
}
