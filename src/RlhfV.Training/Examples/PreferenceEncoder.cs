using RlhfV.Models;
using RlhfV.Models.Images;
using RlhfV.Preferences;

namespace RlhfV.Training.Examples;

/// <summary>Turns preference examples into pairs of token sequences with the role of every token.</summary>
/// <param name="processor">Tokenizer, chat template and image preprocessing of the model.</param>
/// <param name="maxTokens">Longest sequence allowed.</param>
/// <param name="segments">Where corrected segments come from.</param>
/// <param name="oneSided">Whether tokens count as corrected where the other answer has nothing.</param>
/// <param name="countPromptTokens">Whether <see cref="EncodedAnswer.CountedPromptTokens"/> are scored as well.</param>
public sealed class PreferenceEncoder(
    VisionLanguageProcessor processor,
    int maxTokens,
    SegmentSource segments = SegmentSource.AnnotationOrDiff,
    OneSidedEdits oneSided = OneSidedEdits.Weighted,
    bool countPromptTokens = false)
{
    private readonly TokenRoles _roles = new(segments, oneSided);

    /// <summary>Whether examples bring the reference's log-probabilities. Default <see cref="ReferenceSource.Computed"/>.</summary>
    public ReferenceSource Reference { get; init; }

    /// <summary>
    /// The id that stands for one image feature (<see cref="VisionLanguageNetwork.ImageTokenId"/>), which tells whether a row that is cut
    /// (<see cref="InvalidExamplePolicy.Keep"/>) loses a part of a picture. Default null: no prompt with a picture is cut.
    /// </summary>
    public long? ImageTokenId { get; init; }

    /// <summary>Encodes one example.</summary>
    /// <param name="example">The example.</param>
    /// <param name="id">What messages call it.</param>
    /// <param name="onPicture">Told each picture with its pixels, which are not kept; null for nobody.</param>
    /// <exception cref="ArgumentException">The example cannot be trained on; the message says why.</exception>
    /// <exception cref="ImageFormatException">A picture cannot be read.</exception>
    /// <exception cref="IOException">A picture's file is missing.</exception>
    public EncodedPair Encode(PreferenceExample example, string id, Action<ExamplePicture, ProcessedImage>? onPicture = null) =>
        Encode(example, id, keep: false, onPicture);

    /// <summary>Encodes examples in order.</summary>
    /// <param name="examples">The examples.</param>
    /// <param name="invalid">What happens to those that cannot be trained on.</param>
    /// <param name="onPicture">Told each picture with its pixels, which are not kept; null for nobody.</param>
    /// <param name="cancellation">Looked at before each example.</param>
    /// <exception cref="ArgumentException">An example cannot be trained on and is not to be skipped, or none is left.</exception>
    public EncodedExamples<EncodedPair> Encode(
        IReadOnlyList<PreferenceExample> examples,
        InvalidExamplePolicy invalid,
        Action<ExamplePicture, ProcessedImage>? onPicture = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(examples);
        return ExampleEncoding.Encode(
            examples, example => example.Origin.Id, (example, id) => Encode(example, id, invalid == InvalidExamplePolicy.Keep, onPicture), invalid, cancellation);
    }

    private EncodedPair Encode(PreferenceExample example, string id, bool keep, Action<ExamplePicture, ProcessedImage>? onPicture)
    {
        ArgumentNullException.ThrowIfNull(example);
        if (example.Chosen == example.Rejected && !keep)
        {
            throw new ArgumentException($"Both answers of {id} are equal, so there is nothing to learn from; expected a correction.",
                nameof(example));
        }

        if (example.Image is null && example.MoreImages.Count > 0)
        {
            throw new ArgumentException(
                $"{id} has {example.MoreImages.Count} further pictures, but no first one; expected it in {nameof(PreferenceExample.Image)}.",
                nameof(example));
        }

        ImageSource[] sources = ConversationPrompt.Sources(example.Images, id);
        var pictures = new EncodedPictures(sources, processor.ImageProcessor);
        Prompt prompt = ConversationPrompt.Make(example.History, example.Prompt, sources, example.ImagePlaces, id);
        EncodedAnswer chosen = processor.EncodeAnswer(prompt, example.Chosen, pictures.Pixels);
        EncodedAnswer rejected = processor.EncodeAnswer(prompt, example.Rejected, pictures.Pixels);
        var limit = new RowLimit(keep ? maxTokens : int.MaxValue, ImageTokenId);
        (EncodedAnswer shownChosen, EncodedAnswer shownRejected) = (limit.Cut(chosen, id), limit.Cut(rejected, id));
        (TokenRole[] chosenRoles, TokenRole[] rejectedRoles) = _roles.Of(example, shownChosen, shownRejected);
        var pair = new EncodedPair(
            id,
            EncodedSequence.Of(shownChosen, chosenRoles, countPromptTokens, wasCut: !ReferenceEquals(shownChosen, chosen)),
            EncodedSequence.Of(shownRejected, rejectedRoles, countPromptTokens, wasCut: !ReferenceEquals(shownRejected, rejected)),
            pictures.Pictures);
        pair = Reference == ReferenceSource.Stored ? WithStoredReference(pair, example.ReferenceLogProbs) : pair;
        ExampleEncoding.RequireLength(id, Math.Max(pair.Chosen.Length, pair.Rejected.Length), maxTokens);
        pictures.Offer(onPicture);
        return pair;
    }

    private static EncodedPair WithStoredReference(EncodedPair pair, ReferenceLogProbs? stored)
    {
        if (stored is null)
        {
            throw new ArgumentException(
                $"{pair.Id} has no stored reference log-probabilities. Store them, or use {nameof(ReferenceSource)}.{nameof(ReferenceSource.Computed)}.");
        }

        return pair with
        {
            StoredReference = new(Of(pair.Chosen, stored.ChosenPerToken), Of(pair.Rejected, stored.RejectedPerToken))
            {
                Scores = new((float)stored.ChosenSum, (float)stored.ChosenMean, (float)stored.RejectedSum, (float)stored.RejectedMean),
            },
        };

        // The first token has none, so the list is one shorter than the row.
        float[] Of(EncodedSequence sequence, IReadOnlyList<double> values) => values.Count == sequence.Length - 1
            ? [.. Enumerable.Range(1, values.Count).Where(t => sequence.Roles[t] != TokenRole.Unscored).Select(t => (float)values[t - 1])]
            : throw new ArgumentException(
                $"{pair.Id} has {values.Count} stored reference log-probabilities for a row of {sequence.Length} tokens; expected {sequence.Length - 1}. "
                + "They were made with another tokenizer, template or number of image tokens.");
    }
}
