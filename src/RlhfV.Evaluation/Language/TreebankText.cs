using RlhfV.Preferences;

namespace RlhfV.Evaluation;

/// <summary>
/// A sentence while it is taken apart: the rules put blanks where tokens end and spell double quotes as two characters, and each character
/// remembers where it came from.
/// </summary>
internal sealed class TreebankText
{
    private char[] _text = new char[256], _next = new char[256];
    private int[] _from = new int[256], _nextFrom = new int[256];
    private int _length, _nextLength;

    /// <summary>The sentence as it is now.</summary>
    public ReadOnlySpan<char> Text => _text.AsSpan(0, _length);

    /// <summary>Takes a sentence.</summary>
    public void Load(ReadOnlySpan<char> sentence)
    {
        _nextLength = 0;
        Grow(sentence.Length);
        sentence.CopyTo(_next);
        for (int i = 0; i < sentence.Length; i++)
        {
            _nextFrom[i] = i;
        }

        _nextLength = sentence.Length;
        Apply();
    }

    /// <summary>Copies a character of the sentence into what a rule makes of it.</summary>
    public void Copy(int index) => Put(_text[index], _from[index]);

    /// <summary>Copies several.</summary>
    public void Copy(int index, int count)
    {
        Grow(count);
        _text.AsSpan(index, count).CopyTo(_next.AsSpan(_nextLength));
        _from.AsSpan(index, count).CopyTo(_nextFrom.AsSpan(_nextLength));
        _nextLength += count;
    }

    /// <summary>Puts a blank.</summary>
    public void Blank() => Put(' ', -1);

    /// <summary>Copies several with blanks around.</summary>
    public void Pad(int index, int count)
    {
        Blank();
        Copy(index, count);
        Blank();
    }

    /// <summary>Puts a pair of quote characters with blanks around in place of a double quote or of two single ones.</summary>
    public void PutQuote(char quote, int index, int count)
    {
        Blank();
        Put(quote, _from[index]);
        Put(quote, _from[index + count - 1]);
        Blank();
    }

    /// <summary>Makes what was put the sentence.</summary>
    public void Apply()
    {
        (_text, _next) = (_next, _text);
        (_from, _nextFrom) = (_nextFrom, _from);
        (_length, _nextLength) = (_nextLength, 0);
    }

    /// <summary>Appends the pieces between white space as tokens.</summary>
    /// <param name="sentence">The sentence as it was.</param>
    /// <param name="offset">Its place in the text.</param>
    /// <param name="tokens">Receives the tokens.</param>
    public void Collect(ReadOnlySpan<char> sentence, int offset, List<WordToken> tokens)
    {
        for (int i = 0; i < _length; i++)
        {
            if (TextClass.IsSpace(_text[i]))
            {
                continue;
            }

            int start = i;
            while (i < _length && !TextClass.IsSpace(_text[i]))
            {
                i++;
            }

            int first = _from[start], last = _from[i - 1];
            bool isQuote = i - start == 2 && _text[start] is '`' or '\'' && _text[start] == _text[start + 1]
                && !sentence[first..(last + 1)].SequenceEqual(_text.AsSpan(start, 2));
            tokens.Add(new(new TextSpan(offset + first, last + 1 - first), isQuote ? _text[start] : '\0'));
        }
    }

    private void Put(char c, int from)
    {
        Grow(1);
        (_next[_nextLength], _nextFrom[_nextLength]) = (c, from);
        _nextLength++;
    }

    private void Grow(int count)
    {
        if (_nextLength + count > _next.Length)
        {
            int size = Math.Max(2 * _next.Length, _nextLength + count);
            Array.Resize(ref _next, size);
            Array.Resize(ref _nextFrom, size);
        }
    }
}
