using System.Text;
using RlhfV.Preferences;

namespace SceneWorld;

/// <summary>A text in the making: takes words one by one and sees to spaces, commas and capitals.</summary>
internal sealed class CaptionText
{
    private readonly StringBuilder _text = new();
    private bool _startsSentence = true;

    /// <summary>Number of words so far.</summary>
    public int Words { get; private set; }

    /// <summary>Adds words, separated by single spaces.</summary>
    /// <param name="words">One or more words.</param>
    /// <returns>Where they stand.</returns>
    public TextSpan Add(string words)
    {
        if (_text.Length > 0)
        {
            _text.Append(' ');
        }

        int start = _text.Length;
        _text.Append(words);
        if (_startsSentence)
        {
            _text[start] = char.ToUpperInvariant(_text[start]);
            _startsSentence = false;
        }

        Words += 1 + words.AsSpan().Count(' ');
        return new TextSpan(start, words.Length);
    }

    /// <summary>Adds a comma behind the last word.</summary>
    public void Comma() => _text.Append(',');

    /// <summary>Ends the sentence.</summary>
    public void Stop()
    {
        _text.Append('.');
        _startsSentence = true;
    }

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();
}
