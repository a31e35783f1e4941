using RlhfV.Models.Images;
using RlhfV.Models.Tokenization;

namespace RlhfV.Models;

/// <summary>A prompt and a finished answer as the network reads them.</summary>
public sealed record EncodedAnswer
{
    /// <summary>Token ids of the prompt up to and including the start of the answer.</summary>
    public required IReadOnlyList<int> PromptIds { get; init; }

    /// <summary>
    /// Places in <see cref="PromptIds"/> of tokens that the family's own training counts in the loss besides the answer. Default none; of
    /// Muffin, marks and headers of turns, and earlier answers (thunlp/Muffin, <c>muffin/train/train_utils.py</c>, <c>preprocess</c>).
    /// </summary>
    public IReadOnlyList<int> CountedPromptTokens { get; init; } = [];

    /// <summary>Token ids of the answer, ending with the token that ends a turn.</summary>
    public required IReadOnlyList<int> AnswerIds { get; init; }

    /// <summary>Place of every answer token in the answer's text, in UTF-16 code units; the end token has an empty span at the text's end.</summary>
    public required IReadOnlyList<TokenSpan> AnswerSpans { get; init; }

    /// <summary>The preprocessed pictures, in the order of their tokens.</summary>
    public required IReadOnlyList<ProcessedImage> Images { get; init; }

    /// <summary>Where the tokens of prompt and answer stand; null when they are counted from 0.</summary>
    public TokenPositions? Positions { get; init; }
}
