using System.Text;

namespace RlhfV.Models.Tokenization;

/// <summary>
/// One symbol per character; a character without a token becomes the tokens of its UTF-8 bytes where the vocabulary falls back on bytes,
/// else the unknown token. Vocabularies with some of the bytes are not known to exist and are refused.
/// </summary>
internal sealed class CharacterSymbols : InitialSymbols
{
    private readonly Vocabulary _vocabulary;
    private readonly int[] _byteIds = new int[256];
    private readonly int _unknown;
    private readonly bool _byteFallback;
    private readonly bool _fuseUnknown;

    /// <param name="vocabulary">The tokens.</param>
    /// <param name="unknown">Id of the unknown token, or null.</param>
    /// <param name="byteFallback">
    /// Whether a character without a token becomes its bytes, which must all have tokens, or the unknown token.
    /// </param>
    /// <param name="fuseUnknown">Whether neighbouring unknown characters share one unknown token.</param>
    public CharacterSymbols(Vocabulary vocabulary, int? unknown, bool byteFallback, bool fuseUnknown)
    {
        _vocabulary = vocabulary;
        _unknown = unknown ?? -1;
        _byteFallback = byteFallback;
        _fuseUnknown = fuseUnknown;
        for (int value = 0; value < 256; value++)
            _byteIds[value] = byteFallback ? vocabulary.Id(ByteToken.Name((byte)value)) ?? -1 : -1;
    }

    /// <summary>Whether every text has tokens, whatever its characters.</summary>
    public bool IsComplete => _byteFallback ? Array.TrueForAll(_byteIds, id => id >= 0) : _unknown >= 0;

    public override void Split(ReadOnlySpan<char> piece, List<Symbol> symbols)
    {
        Span<byte> bytes = stackalloc byte[4];
        int at = 0;
        int unknownEnd = -1;
        while (at < piece.Length)
        {
            Rune.DecodeFromUtf16(piece[at..], out Rune rune, out int length);
            if (_vocabulary.Id(piece.Slice(at, length)) is int id)
            {
                symbols.Add(new Symbol(id, at, at + length));
            }
            else if (_byteFallback)
            {
                foreach (byte value in bytes[..rune.EncodeToUtf8(bytes)])
                    symbols.Add(new Symbol(_byteIds[value], at, at + length));
            }
            else if (_fuseUnknown && unknownEnd == at)
            {
                symbols[^1] = symbols[^1] with { End = at + length };
                unknownEnd = at + length;
            }
            else
            {
                symbols.Add(new Symbol(_unknown, at, at + length));
                unknownEnd = at + length;
            }

            at += length;
        }
    }

    public override string Spell(ReadOnlySpan<char> piece) => piece.ToString();
}
