namespace RlhfV.Models.Tokenization;

/// <summary>Puts a text in front of every stretch that is not empty.</summary>
internal sealed class PrependNormalizer(string prefix) : TextNormalizer
{
    public override AlignedText Normalize(AlignedText text) => text.Text.Length == 0 ? text : text.Prepend(prefix);
}
