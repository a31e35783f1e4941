using System.Text;
using RlhfV.Models.Tokenization;

namespace RlhfV.Models.Generation;

/// <summary>One answer as it grows: its tokens, its text and whether it is done.</summary>
/// <param name="decoder">Tokens to text.</param>
/// <param name="options">Decoding options.</param>
/// <param name="endIds">Ids that end an answer.</param>
/// <param name="promptTokens">Tokens of the prompt.</param>
/// <param name="limit">Most new tokens.</param>
internal sealed class AnswerBuilder(
    TextStreamDecoder decoder, GenerationOptions options, IReadOnlySet<int> endIds, int promptTokens, int limit)
{
    private readonly List<int> _ids = [];
    private readonly List<float> _logProbs = [];
    private readonly StringBuilder _text = new();
    private readonly StopTextFilter _stops = new(options.StopStrings);

    public FinishReason? Finish { get; private set; }

    /// <summary>Adds a token and returns the text that became certain by it.</summary>
    public string Add(int id, float logProb)
    {
        _ids.Add(id);
        _logProbs.Add(logProb);
        bool ended = endIds.Contains(id);
        string piece = ended ? decoder.Flush() : decoder.Append(id);
        string text = _stops.Append(piece);
        if (ended || _stops.Stopped)
        {
            Finish = FinishReason.Stop;
        }
        else if (_ids.Count >= limit)
        {
            Finish = FinishReason.Length;
            text += _stops.Append(decoder.Flush());
            Finish = _stops.Stopped ? FinishReason.Stop : FinishReason.Length;
        }

        if (Finish is not null)
        {
            text += _stops.Flush();
        }

        // Sentence-piece answers begin with the blank that separates them from the prompt.
        text = _text.Length == 0 ? text.TrimStart() : text;
        _text.Append(text);
        return text;
    }

    public GenerationResult Result() => new()
    {
        Text = _text.ToString().Trim(),
        TokenIds = [.. _ids],
        LogProbs = [.. _logProbs],
        FinishReason = Finish ?? FinishReason.Length,
        PromptTokens = promptTokens,
    };
}
