namespace RlhfV.Models.Tokenization;

/// <summary>
/// A text on its way through normalisation, with the place in the source of each of its UTF-16 units. Most texts are the source itself or
/// the source behind a few inserted units: those need no table.
/// </summary>
internal sealed class AlignedText
{
    private readonly int _offset;
    private readonly int _inserted;
    private readonly TokenSpan[]? _sources;

    private AlignedText(string text, int offset, int inserted, TokenSpan[]? sources)
    {
        Text = text;
        _offset = offset;
        _inserted = inserted;
        _sources = sources;
    }

    public string Text { get; }

    /// <summary>Where in the source this text begins.</summary>
    public int SourceStart => _offset;

    /// <summary>A text as it stands in the source.</summary>
    public static AlignedText Of(string text, int offset) => new(text, offset, 0, null);

    /// <summary>The same text with other characters, one for one.</summary>
    public AlignedText With(string text) => new(text, _offset, _inserted, _sources);

    /// <summary>
    /// A text that was made from this one: <paramref name="parts"/> gives, for each of its units, the span of this text it came from.
    /// </summary>
    public AlignedText With(string text, TokenSpan[] parts)
    {
        var sources = new TokenSpan[parts.Length];
        for (int i = 0; i < parts.Length; i++)
            sources[i] = Source(parts[i].Start, parts[i].Length);
        return new AlignedText(text, _offset, 0, sources);
    }

    /// <summary>The text behind a prefix that stands for nothing in the source.</summary>
    public AlignedText Prepend(string prefix)
    {
        if (_sources is null)
            return new AlignedText(prefix + Text, _offset, _inserted + prefix.Length, null);
        return new AlignedText(prefix + Text, _offset, 0, [.. Enumerable.Repeat(Source(0, 0), prefix.Length), .. _sources]);
    }

    /// <summary>Part of the text as a text of its own.</summary>
    public AlignedText Slice(int start, int length)
    {
        if (length == Text.Length)
            return this;
        string part = Text.Substring(start, length);
        return _sources is null
            ? new AlignedText(part, StartOf(start), Math.Clamp(_inserted - start, 0, length), null)
            : new AlignedText(part, StartOf(start), 0, _sources[start..(start + length)]);
    }

    /// <summary>The source span of some units of this text.</summary>
    public TokenSpan Source(int start, int length)
    {
        int from = StartOf(start);
        return length == 0 ? new TokenSpan(from, 0) : new TokenSpan(from, Math.Max(0, EndOf(start + length - 1) - from));
    }

    private int StartOf(int unit)
    {
        if (_sources is null)
            return _offset + Math.Max(0, unit - _inserted);
        return unit < _sources.Length ? _sources[unit].Start : _sources.Length == 0 ? _offset : _sources[^1].End;
    }

    private int EndOf(int unit) => _sources is null ? _offset + Math.Max(0, unit + 1 - _inserted) : _sources[unit].End;
}
