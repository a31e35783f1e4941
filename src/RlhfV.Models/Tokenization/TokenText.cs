using System.Text;

namespace RlhfV.Models.Tokenization;

/// <summary>Text that grows token by token.</summary>
internal abstract class TokenText
{
    private readonly Func<int, string?> _token;
    private readonly StringBuilder _text = new();

    /// <param name="token">The token of an id, null for one that is to be left out.</param>
    protected TokenText(Func<int, string?> token)
    {
        _token = token;
    }

    public void Append(int id)
    {
        if (_token(id) is { } token)
            AppendToken(token);
    }

    /// <summary>Lets characters go that are complete, even where later bytes could still spoil the run they stand in.</summary>
    public virtual void ReleaseCompleteCharacters()
    {
    }

    /// <summary>Ends the text: what is incomplete becomes U+FFFD, and the next token begins a new text.</summary>
    public abstract void Flush();

    /// <summary>Hands over the text so far.</summary>
    public string Take()
    {
        if (_text.Length == 0)
            return "";
        string text = _text.ToString();
        _text.Clear();
        return text;
    }

    protected abstract void AppendToken(string token);

    protected void Emit(ReadOnlySpan<char> text) => _text.Append(text);

    protected void Emit(char character, int count) => _text.Append(character, count);
}

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

/// <summary>
/// SentencePiece tokens: texts are replaced (the mark by a blank), runs of byte tokens are read as UTF-8, some blanks at the very start
/// are dropped. A run that is not valid UTF-8 as a whole becomes one U+FFFD per byte.
/// </summary>
internal sealed class SentencePieceTokenText : TokenText
{
    private readonly IReadOnlyList<(string Pattern, string Content)> _replacements;
    private readonly bool _byteFallback;
    private readonly int _leadingBlanks;
    private readonly List<byte> _run = [];
    private bool _spoiled;
    private int _blanksToDrop;

    public SentencePieceTokenText(
        Func<int, string?> token, IReadOnlyList<(string Pattern, string Content)> replacements, bool byteFallback, int leadingBlanks)
        : base(token)
    {
        _replacements = replacements;
        _byteFallback = byteFallback;
        _leadingBlanks = leadingBlanks;
        _blanksToDrop = leadingBlanks;
    }

    public override void ReleaseCompleteCharacters()
    {
        ReadOnlySpan<byte> run = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_run);
        int done = 0;
        while (!_spoiled && done < run.Length)
        {
            System.Buffers.OperationStatus status = Rune.DecodeFromUtf8(run[done..], out Rune rune, out int length);
            if (status == System.Buffers.OperationStatus.Done)
            {
                EmitText(rune.ToString());
                done += length;
            }
            else if (status == System.Buffers.OperationStatus.NeedMoreData)
            {
                break;
            }
            else
            {
                _spoiled = true;
            }
        }

        if (_spoiled)
        {
            EmitReplacements(run.Length - done);
            done = run.Length;
        }

        _run.RemoveRange(0, done);
    }

    public override void Flush()
    {
        EndRun();
        _blanksToDrop = _leadingBlanks;
    }

    protected override void AppendToken(string token)
    {
        if (_byteFallback && ByteToken.Value(token) is >= 0 and int value)
        {
            _run.Add((byte)value);
            return;
        }

        EndRun();
        foreach ((string pattern, string content) in _replacements)
            token = token.Replace(pattern, content, StringComparison.Ordinal);
        EmitText(token);
    }

    private void EndRun()
    {
        if (_run.Count > 0)
        {
            ReadOnlySpan<byte> run = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_run);
            if (!_spoiled && System.Text.Unicode.Utf8.IsValid(run))
                EmitText(Encoding.UTF8.GetString(run));
            else
                EmitReplacements(run.Length);
            _run.Clear();
        }

        _spoiled = false;
    }

    private void EmitReplacements(int count)
    {
        if (count == 0)
            return;
        _blanksToDrop = 0;
        Emit('\uFFFD', count);
    }

    private void EmitText(ReadOnlySpan<char> text)
    {
        while (_blanksToDrop > 0 && text.StartsWith(' '))
        {
            text = text[1..];
            _blanksToDrop--;
        }

        if (text.Length > 0)
            _blanksToDrop = 0;
        Emit(text);
    }
}
