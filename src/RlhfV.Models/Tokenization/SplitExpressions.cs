using System.Text.RegularExpressions;

namespace RlhfV.Models.Tokenization;

/// <summary>
/// The split expressions that published tokenizers of the supported families use, compiled ahead. Others are refused: regular expression
/// dialects differ in ways that would change ids without an error.
/// </summary>
internal static partial class SplitExpressions
{
    private const string Gpt2Pattern = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    private const string Endings = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";

    // The reference's expressions fold the long s (U+017F) into s as well, .NET's do not: the letters are spelled out.
    private const string SpelledEndings = "'(?:[sS\u017F]|[tT]|[rR][eE]|[vV][eE]|[mM]|[lL][lL]|[dD])";

    private const string Llama3Rest =
        @"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private const string QwenRest = @"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    public static Regex Gpt2 => Gpt2Expression();

    public static Regex? Find(string pattern) => pattern switch
    {
        Gpt2Pattern => Gpt2Expression(),
        Endings + Llama3Rest => Llama3Expression(),
        Endings + QwenRest => QwenExpression(),
        _ => null,
    };

    [GeneratedRegex(Gpt2Pattern, RegexOptions.CultureInvariant)]
    private static partial Regex Gpt2Expression();

    [GeneratedRegex(SpelledEndings + Llama3Rest, RegexOptions.CultureInvariant)]
    private static partial Regex Llama3Expression();

    [GeneratedRegex(SpelledEndings + QwenRest, RegexOptions.CultureInvariant)]
    private static partial Regex QwenExpression();
}
