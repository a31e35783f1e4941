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
