using System.Text;

namespace RlhfV.Models.Tokenization;

/// <summary>A step that rewrites a stretch of text before it is split.</summary>
internal abstract class TextNormalizer
{
    public abstract AlignedText Normalize(AlignedText text);
}

/// <summary>Puts a text in front of every stretch that is not empty.</summary>
internal sealed class PrependNormalizer(string prefix) : TextNormalizer
{
    public override AlignedText Normalize(AlignedText text) => text.Text.Length == 0 ? text : text.Prepend(prefix);
}

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

/// <summary>Unicode normalisation form C.</summary>
internal sealed class CanonicalNormalizer : TextNormalizer
{
    public override AlignedText Normalize(AlignedText text)
    {
        if (text.Text.IsNormalized(NormalizationForm.FormC))
            return text;
        string whole = text.Text.Normalize(NormalizationForm.FormC);
        return text.With(whole, Align(text.Text, whole));
    }

    // An ASCII character is never the second half of a composition, so the text may be normalised from one to the next; within a group
    // whose length changed every unit stands for the whole group.
    private static TokenSpan[] Align(string source, string whole)
    {
        var parts = new List<TokenSpan>(whole.Length);
        var check = new StringBuilder(whole.Length);
        int start = 0;
        while (start < source.Length)
        {
            int end = start + 1;
            while (end < source.Length && !char.IsAscii(source[end]))
                end++;
            string group = source[start..end].Normalize(NormalizationForm.FormC);
            check.Append(group);
            bool unchanged = source.AsSpan(start, end - start).SequenceEqual(group);
            for (int i = 0; i < group.Length; i++)
                parts.Add(unchanged ? new TokenSpan(start + i, 1) : new TokenSpan(start, end - start));
            start = end;
        }

        return check.Equals(whole) ? [.. parts] : [.. Enumerable.Repeat(new TokenSpan(0, source.Length), whole.Length)];
    }
}

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
