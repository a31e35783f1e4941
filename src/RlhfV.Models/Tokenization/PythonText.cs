namespace RlhfV.Models.Tokenization;

/// <summary>
/// White space as Python's <c>str.strip</c> sees it: .NET's and the four separators U+001C to U+001F. The reference strips with it, so ids
/// depend on it.
/// </summary>
internal static class PythonText
{
    public static string Strip(string text)
    {
        int leading = LeadingBlanks(text);
        return leading == text.Length ? "" : text[leading..^TrailingBlanks(text)];
    }

    public static int LeadingBlanks(ReadOnlySpan<char> text)
    {
        int count = 0;
        while (count < text.Length && IsBlank(text[count]))
            count++;
        return count;
    }

    public static int TrailingBlanks(ReadOnlySpan<char> text)
    {
        int count = 0;
        while (count < text.Length && IsBlank(text[^(count + 1)]))
            count++;
        return count;
    }

    private static bool IsBlank(char character) => char.IsWhiteSpace(character) || character is >= '\u001C' and <= '\u001F';
}
