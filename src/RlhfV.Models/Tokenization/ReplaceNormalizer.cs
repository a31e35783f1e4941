using System.Text;

namespace RlhfV.Models.Tokenization;

/// <summary>Replaces one text by another wherever it stands.</summary>
internal sealed class ReplaceNormalizer(string pattern, string content) : TextNormalizer
{
    public override AlignedText Normalize(AlignedText text)
    {
        if (!text.Text.Contains(pattern, StringComparison.Ordinal))
            return text;
        if (pattern.Length == content.Length && pattern.Length == 1)
            return text.With(text.Text.Replace(pattern[0], content[0]));

        var result = new StringBuilder();
        var parts = new List<TokenSpan>();
        int at = 0;
        while (at < text.Text.Length)
        {
            int next = text.Text.IndexOf(pattern, at, StringComparison.Ordinal);
            int end = next < 0 ? text.Text.Length : next;
            for (; at < end; at++)
            {
                result.Append(text.Text[at]);
                parts.Add(new TokenSpan(at, 1));
            }

            if (next < 0)
                break;
            result.Append(content);
            parts.AddRange(Enumerable.Repeat(new TokenSpan(next, pattern.Length), content.Length));
            at = next + pattern.Length;
        }

        return text.With(result.ToString(), [.. parts]);
    }
}
