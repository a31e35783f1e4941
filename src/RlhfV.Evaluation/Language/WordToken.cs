using RlhfV.Preferences;

namespace RlhfV.Evaluation;

/// <summary>A word or a mark of punctuation, and how the published scripts spell it.</summary>
/// <param name="Span">Where it stands in the text.</param>
/// <param name="Quote">
/// The character that the scripts write twice in place of a double quote: a back-tick where it opens, an apostrophe where it closes; zero for a
/// token that is spelt as it stands.
/// </param>
internal readonly record struct WordToken(TextSpan Span, char Quote)
{
    /// <summary>The token as the scripts spell it.</summary>
    /// <param name="text">The text that was split.</param>
    public string Spelling(ReadOnlySpan<char> text) => Quote switch
    {
        '\0' => text.Slice(Span.Start, Span.Length).ToString(),
        '`' => "``",
        _ => "''",
    };
}
