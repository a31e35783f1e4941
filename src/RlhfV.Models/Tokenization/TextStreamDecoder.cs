namespace RlhfV.Models.Tokenization;

/// <summary>Turns ids that arrive one by one into text, never giving out part of a character.</summary>
/// <remarks>
/// The pieces together are what <see cref="TextTokenizer.Decode"/> gives, with one exception: a run of SentencePiece byte tokens in which
/// valid characters are followed by bytes that are not UTF-8. Decoding as a whole makes every byte of such a run U+FFFD, here the
/// characters that were complete have left already.
/// </remarks>
public sealed class TextStreamDecoder
{
    private readonly TokenText _text;

    internal TextStreamDecoder(TokenText text)
    {
        _text = text;
    }

    /// <summary>Takes the next id.</summary>
    /// <param name="id">A token id.</param>
    /// <returns>The characters that are now complete; empty while one is incomplete.</returns>
    public string Append(int id)
    {
        _text.Append(id);
        _text.ReleaseCompleteCharacters();
        return _text.Take();
    }

    /// <summary>Ends the stream and makes the decoder ready for another one.</summary>
    /// <returns>What was held back; bytes that never became a character are U+FFFD.</returns>
    public string Flush()
    {
        _text.Flush();
        return _text.Take();
    }
}
