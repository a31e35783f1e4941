using System.Text;

namespace RlhfV.Models.Tokenization;

/// <summary>A token of a piece, with its UTF-16 span in the piece.</summary>
internal record struct Symbol(int Id, int Start, int End);

/// <summary>Turns a piece into the symbols that merging starts from.</summary>
internal abstract class InitialSymbols
{
    public abstract void Split(ReadOnlySpan<char> piece, List<Symbol> symbols);

    /// <summary>The piece as the vocabulary would write it as one token.</summary>
    public abstract string Spell(ReadOnlySpan<char> piece);
}

/// <summary>One symbol per byte of the text's UTF-8, named by <see cref="ByteAlphabet"/>.</summary>
internal sealed class ByteSymbols : InitialSymbols
{
    private readonly int[] _ids = new int[256];

    public ByteSymbols(Vocabulary vocabulary)
    {
        // Vocabularies trained without a full alphabet lack bytes; the reference drops those without a sound, so ids must too.
        for (int value = 0; value < 256; value++)
            _ids[value] = vocabulary.Id(ByteAlphabet.Character((byte)value).ToString()) ?? -1;
    }

    public override void Split(ReadOnlySpan<char> piece, List<Symbol> symbols)
    {
        Span<byte> bytes = stackalloc byte[4];
        int at = 0;
        while (at < piece.Length)
        {
            Rune.DecodeFromUtf16(piece[at..], out Rune rune, out int length);
            int count = rune.EncodeToUtf8(bytes);
            for (int i = 0; i < count; i++)
            {
                if (_ids[bytes[i]] is >= 0 and int id)
                    symbols.Add(new Symbol(id, at, at + length));
            }

            at += length;
        }
    }

    public override string Spell(ReadOnlySpan<char> piece)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(piece.ToArray());
        return string.Create(bytes.Length, bytes, static (characters, source) =>
        {
            for (int i = 0; i < source.Length; i++)
                characters[i] = ByteAlphabet.Character(source[i]);
        });
    }
}

/// <summary>
/// One symbol per character; a character without a token becomes the tokens of its UTF-8 bytes where the vocabulary falls back on bytes,
/// else the unknown token.
/// </summary>
internal sealed class CharacterSymbols : InitialSymbols
{
    private readonly Vocabulary _vocabulary;
    private readonly int[] _byteIds = new int[256];
    private readonly int _unknown;
    private readonly bool _byteFallback;
    private readonly bool _fuseUnknown;

    /// <param name="vocabulary">The tokens.</param>
    /// <param name="unknown">Id of the unknown token, or null: then every byte must have a token.</param>
    /// <param name="byteFallback">Whether bytes come before the unknown token.</param>
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
    public bool IsComplete => _unknown >= 0 || Array.TrueForAll(_byteIds, id => id >= 0);

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
            else if (_byteFallback && HaveAll(bytes[..rune.EncodeToUtf8(bytes)]))
            {
                foreach (byte value in bytes[..rune.Utf8SequenceLength])
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

    private bool HaveAll(ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            if (_byteIds[value] < 0)
                return false;
        }

        return true;
    }
}
