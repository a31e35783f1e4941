using RlhfV.Models;

namespace RlhfV.Training.Examples;

/// <summary>Cuts rows that are too long, as the released code's tokenizer does: the beginning stays.</summary>
/// <param name="tokens">Longest row.</param>
/// <param name="imageToken">The id that stands for one image feature; null where it is not known.</param>
internal sealed class RowLimit(int tokens, long? imageToken)
{
    /// <summary>The row, without what goes beyond the limit.</summary>
    /// <param name="row">Prompt and answer.</param>
    /// <param name="id">What messages call the example.</param>
    /// <exception cref="ArgumentException">The limit lies before the end of a picture.</exception>
    public EncodedAnswer Cut(EncodedAnswer row, string id)
    {
        if (row.PromptIds.Count + row.AnswerIds.Count <= tokens)
        {
            return row;
        }

        int prompt = Math.Min(tokens, row.PromptIds.Count);
        if (row.Images.Count > 0 && row.PromptIds.Skip(prompt).Any(token => imageToken is null || token == imageToken))
        {
            throw new ArgumentException(
                $"The prompt of {id} takes {row.PromptIds.Count} tokens, and the limit of {tokens} lies within or before a picture; "
                + "a picture cannot be cut. Shorten the prompt, or raise MaxTokens if the model allows.");
        }

        int answer = tokens - prompt;
        return row with
        {
            PromptIds = [.. row.PromptIds.Take(prompt)],
            CountedPromptTokens = [.. row.CountedPromptTokens.Where(token => token < prompt)],
            AnswerIds = [.. row.AnswerIds.Take(answer)],
            AnswerSpans = [.. row.AnswerSpans.Take(answer)],
            Positions = row.Positions is { } all ? Beginning(all) : null,
        };
    }

    private TokenPositions Beginning(TokenPositions all) =>
        new(all.Axes, [.. Enumerable.Range(0, tokens).SelectMany(token => all[token].ToArray())]);
}
