using RlhfV.Models.Images;
using RlhfV.Models.Tokenization;

namespace RlhfV.Models.Architectures.Muffin;

/// <summary>Writes prompts with answers as the checkpoints were trained on them, which is another text than they are asked with.</summary>
internal sealed class MuffinAnswerEncoder
{
    private readonly MuffinRowEncoder _rows;

    public MuffinAnswerEncoder(TextTokenizer tokenizer, int queries)
    {
        // Whoever trains bounds the length and refuses what is longer: nothing is cut off here in silence.
        _rows = new MuffinRowEncoder(tokenizer, new MuffinRowOptions { ImageTokenCount = queries, MaxLength = int.MaxValue });
        Placeholder = _rows.Picture;
    }

    /// <summary>What stands for a picture in the text.</summary>
    public string Placeholder { get; }

    /// <summary>Encodes; see <see cref="VisionLanguageProcessor.EncodeAnswer(Prompt, string, IReadOnlyList{ProcessedImage})"/>.</summary>
    public EncodedAnswer Encode(Prompt prompt, string answer, IReadOnlyList<ProcessedImage> images)
    {
        if (prompt.Images.Count() is var expected && images.Count != expected)
        {
            throw new ArgumentException($"The prompt has {expected} pictures, but {images.Count} preprocessed ones were given.", nameof(images));
        }

        MuffinRow row = _rows.Encode(prompt.WithAnswer(answer));
        int first = 0;
        while (row.Offsets[first].End <= row.Answer.Start)
        {
            first++;
        }

        return new EncodedAnswer
        {
            PromptIds = [.. row.Ids.Take(first)],
            CountedPromptTokens = [.. Enumerable.Range(0, first).Where(i => row.Labels[i] != MuffinRowEncoder.IgnoredLabel)],
            AnswerIds = [.. row.Ids.Skip(first)],
            AnswerSpans = [.. row.Offsets.Skip(first).Select(o => Within(o, row.Answer))],
            Images = images,
        };
    }

    private static TokenSpan Within(TokenSpan span, TokenSpan answer)
    {
        int from = Math.Clamp(span.Start - answer.Start, 0, answer.Length);
        int to = Math.Clamp(span.End - answer.Start, from, answer.Length);
        return new TokenSpan(from, to - from);
    }
}
