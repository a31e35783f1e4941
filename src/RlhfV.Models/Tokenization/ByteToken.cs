using System.Globalization;

namespace RlhfV.Models.Tokenization;

/// <summary>The tokens that stand for single bytes in SentencePiece vocabularies: <c>&lt;0x00&gt;</c> to <c>&lt;0xFF&gt;</c>.</summary>
internal static class ByteToken
{
    public static string Name(byte value) => $"<0x{value:X2}>";

    /// <summary>The byte that a token stands for, or -1.</summary>
    public static int Value(ReadOnlySpan<char> token) =>
        token.Length == 6 && token.StartsWith("<0x") && token[5] == '>'
        && byte.TryParse(token.Slice(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte value)
            ? value
            : -1;
}
