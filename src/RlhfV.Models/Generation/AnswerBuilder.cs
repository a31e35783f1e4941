using System.Text;
using RlhfV.Models.Tokenization;

namespace RlhfV.Models.Generation;

/// <summary>One answer as it grows: its tokens, its text and whether it is done.</summary>
/// <param name="processor">Tokens to text, and what the family puts around an answer.</param>
/// <param name="options">Decoding options.</param>
/// <param name="endIds">Ids that end an answer.</param>
/// <param name="prompt">The prompt.</param>
/// <param name="imageTokens">How many of the prompt's tokens are image tokens.</param>
/// <param name="limit">Most new tokens.</param>
internal sealed class AnswerBuilder(
    VisionLanguageProcessor processor, GenerationOptions options, IReadOnlySet<int> endIds, EncodedPrompt prompt, int imageTokens, int limit)
{
    private readonly List<int> _ids = [];
    private readonly List<float> _logProbs = [];
    private readonly StringBuilder _text = new();
    private readonly TextStreamDecoder _decoder = processor.Tokenizer.CreateStreamDecoder();
    private readonly AnswerPrefixFilter _prefix = new(processor.AnswerPrefix);
    private readonly StopTextFilter _stops = new([.. processor.StopStrings, .. options.StopStrings]);
    private string _blank = string.Empty;

    public FinishReason? Finish { get; private set; }

    /// <summary>Adds a token and returns the text that became certain by it.</summary>
    public string Add(int id, float logProb)
    {
        _ids.Add(id);
        _logProbs.Add(logProb);
        bool ended = endIds.Contains(id);
        string piece = _prefix.Append(ended ? _decoder.Flush() : _decoder.Append(id));
        string text = _stops.Append(piece);
        if (ended || _stops.Stopped)
        {
            Finish = FinishReason.Stop;
        }
        else if (_ids.Count >= limit)
        {
            Finish = FinishReason.Length;
            text += _stops.Append(_prefix.Append(_decoder.Flush()));
            Finish = _stops.Stopped ? FinishReason.Stop : FinishReason.Length;
        }

        if (Finish is not null)
        {
            text += _stops.Append(_prefix.Flush()) + _stops.Flush();
        }

        // Sentence-piece answers begin with the blank that separates them from the prompt. White space at the end waits until more
        // follows, so that the pieces add up to the trimmed answer.
        string grown = _text.Length == 0 ? text.TrimStart() : _blank + text;
        string certain = grown.TrimEnd();
        _blank = grown[certain.Length..];
        _text.Append(certain);
        return certain;
    }

    public GenerationResult Result() => new()
    {
        Text = _text.ToString(),
        TokenIds = [.. _ids],
        LogProbs = [.. _logProbs],
        FinishReason = Finish ?? FinishReason.Length,
        PromptTokens = prompt.Ids.Count,
        PromptImageTokens = imageTokens,
    };
}
