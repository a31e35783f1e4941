using System.Text;

namespace RlhfV.Models.Tokenization;

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
