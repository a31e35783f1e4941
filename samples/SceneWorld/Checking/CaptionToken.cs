using RlhfV.Preferences;

namespace SceneWorld;

/// <summary>A word (in lower case) or a punctuation mark.</summary>
/// <param name="Word">The word.</param>
/// <param name="Span">Where it stands.</param>
internal readonly record struct CaptionToken(string Word, TextSpan Span)
{
    /// <summary>True for a mark that ends a sentence.</summary>
    public bool EndsSentence => Word is "." or "!" or "?" or ";" or ":";

    /// <summary>Cuts a text into words and marks.</summary>
    /// <param name="text">Any text.</param>
    public static List<CaptionToken> Split(string text)
    {
        var tokens = new List<CaptionToken>();
        int i = 0;
        while (i < text.Length)
        {
            int start = i;
            if (char.IsWhiteSpace(text[i]))
            {
                i++;
                continue;
            }

            while (i < text.Length && char.IsLetterOrDigit(text[i]))
            {
                i++;
            }

            i = Math.Max(i, start + 1);
            tokens.Add(new CaptionToken(text[start..i].ToLowerInvariant(), new TextSpan(start, i - start)));
        }

        return tokens;
    }
}
