using System.Text.RegularExpressions;

namespace RlhfV.Models.Tokenization;

/// <summary>
/// The split expressions that published tokenizers of the supported families use, compiled ahead. Others are refused: regular expression
/// dialects differ in ways that would change ids without an error.
/// </summary>
internal static partial class SplitExpressions
{
    private const string Gpt2Pattern = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    private const string Llama3Pattern =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private const string QwenPattern =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    public static Regex Gpt2 => Gpt2Expression();

    public static Regex? Find(string pattern) => pattern switch
    {
        Gpt2Pattern => Gpt2Expression(),
        Llama3Pattern => Llama3Expression(),
        QwenPattern => QwenExpression(),
        _ => null,
    };

    [GeneratedRegex(Gpt2Pattern, RegexOptions.CultureInvariant)]
    private static partial Regex Gpt2Expression();

    [GeneratedRegex(Llama3Pattern, RegexOptions.CultureInvariant)]
    private static partial Regex Llama3Expression();

    [GeneratedRegex(QwenPattern, RegexOptions.CultureInvariant)]
    private static partial Regex QwenExpression();
}
