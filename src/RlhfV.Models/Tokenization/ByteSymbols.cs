using System.Text;

namespace RlhfV.Models.Tokenization;

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
