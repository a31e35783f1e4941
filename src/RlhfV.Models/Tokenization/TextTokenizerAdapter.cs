using System.Buffers;
using Microsoft.ML.Tokenizers;

namespace RlhfV.Models.Tokenization;

/// <summary>A <see cref="TextTokenizer"/> where a <see cref="Tokenizer"/> is asked for.</summary>
internal sealed class TextTokenizerAdapter(TextTokenizer tokenizer) : Tokenizer
{
    public override string Decode(IEnumerable<int> ids) => tokenizer.Decode([.. ids], skipSpecialTokens: false);

    public override OperationStatus Decode(IEnumerable<int> ids, Span<char> destination, out int idsConsumed, out int charsWritten)
    {
        // All or nothing: characters and leading blanks depend on neighbours, so a part decoded by itself could differ from the whole.
        int[] all = [.. ids];
        string text = tokenizer.Decode(all, skipSpecialTokens: false);
        bool fits = text.TryCopyTo(destination);
        idsConsumed = fits ? all.Length : 0;
        charsWritten = fits ? text.Length : 0;
        return fits ? OperationStatus.Done : OperationStatus.DestinationTooSmall;
    }

    protected override EncodeResults<EncodedToken> EncodeToTokens(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings)
    {
        if (!settings.ConsiderNormalization || !settings.ConsiderPreTokenization)
            throw new NotSupportedException(
                "The steps of this tokenizer cannot be left out: leave considerNormalization and considerPreTokenization true.");
        string source = text ?? textSpan.ToString();
        EncodedText encoded = tokenizer.EncodeWithOffsets(source, addSpecialTokens: false);
        int count = WholeCharacters(encoded.Offsets, Math.Min(encoded.Ids.Count, settings.MaxTokenCount));
        var tokens = new EncodedToken[count];
        for (int i = 0; i < count; i++)
        {
            TokenSpan span = encoded.Offsets[i];
            tokens[i] = new EncodedToken(encoded.Ids[i], tokenizer.Token(encoded.Ids[i])!, span.Start..span.End);
        }

        return new EncodeResults<EncodedToken>
        {
            Tokens = tokens,
            CharsConsumed = count == encoded.Ids.Count ? source.Length : count == 0 ? 0 : encoded.Offsets[count - 1].End,
        };
    }

    protected override int GetIndexByTokenCount(
        string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings, bool fromEnd, out string? normalizedText, out int tokenCount)
    {
        int index = base.GetIndexByTokenCount(text, textSpan, settings, fromEnd, out normalizedText, out tokenCount);
        if (!fromEnd || tokenCount == 0)
            return index;

        // From the end, too, a character of several tokens is in or out as a whole.
        string source = text ?? textSpan.ToString();
        IReadOnlyList<TokenSpan> spans = tokenizer.EncodeWithOffsets(source, addSpecialTokens: false).Offsets;
        int first = spans.Count - tokenCount;
        while (first > 0 && first < spans.Count && spans[first].Start < spans[first - 1].End)
            first++;
        tokenCount = spans.Count - first;
        return tokenCount == 0 ? source.Length : spans[first].Start;
    }

    /// <summary>
    /// How many of the first tokens end where a character ends: the text up to there has no more tokens than were asked for, as with the tokenizers
    /// of Microsoft.ML.Tokenizers.
    /// </summary>
    private static int WholeCharacters(IReadOnlyList<TokenSpan> spans, int count)
    {
        while (count > 0 && count < spans.Count && spans[count].Start < spans[count - 1].End)
            count--;
        return count;
    }
}
