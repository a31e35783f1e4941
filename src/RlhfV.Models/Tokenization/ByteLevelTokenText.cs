using System.Text;

namespace RlhfV.Models.Tokenization;

/// <summary>Tokens written in <see cref="ByteAlphabet"/>: all their bytes together are the text's UTF-8.</summary>
internal sealed class ByteLevelTokenText(Func<int, string?> token) : TokenText(token)
{
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();

    public override void Flush() => Decode([], flush: true);

    protected override void AppendToken(string token)
    {
        byte[] bytes = new byte[token.Length];
        for (int i = 0; i < token.Length; i++)
        {
            int value = ByteAlphabet.Byte(token[i]);
            if (value < 0)
            {
                // An added token with characters outside the alphabet stands for its own text.
                Decode(Encoding.UTF8.GetBytes(token), flush: false);
                return;
            }

            bytes[i] = (byte)value;
        }

        Decode(bytes, flush: false);
    }

    private void Decode(ReadOnlySpan<byte> bytes, bool flush)
    {
        Span<char> characters = bytes.Length <= 64 ? stackalloc char[128] : new char[Encoding.UTF8.GetMaxCharCount(bytes.Length) + 4];
        Emit(characters[.._decoder.GetChars(bytes, characters, flush)]);
    }
}
