using System.Text;

namespace RlhfV.Models.Tokenization;

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
