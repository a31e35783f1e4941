using RlhfV.Models;
using RlhfV.Models.Images;
using RlhfV.Preferences;

namespace RlhfV.Training.Examples;

/// <summary>Turns preference examples into pairs of token sequences with the role of every token.</summary>
/// <param name="processor">Tokenizer, chat template and image preprocessing of the model.</param>
/// <param name="maxTokens">Longest sequence allowed.</param>
/// <param name="segments">Where corrected segments come from.</param>
/// <param name="oneSided">Whether tokens count as corrected where the other answer has nothing.</param>
public sealed class PreferenceEncoder(
    VisionLanguageProcessor processor,
    int maxTokens,
    SegmentSource segments = SegmentSource.AnnotationOrDiff,
    OneSidedEdits oneSided = OneSidedEdits.Weighted)
{
    private readonly TokenRoles _roles = new(segments, oneSided);

    /// <summary>Encodes one example.</summary>
    /// <param name="example">The example.</param>
    /// <param name="id">What messages call it.</param>
    /// <param name="onPicture">Told each picture with its pixels, which are not kept; null for nobody.</param>
    /// <exception cref="ArgumentException">The example cannot be trained on; the message says why.</exception>
    /// <exception cref="ImageFormatException">Its picture cannot be read.</exception>
    /// <exception cref="IOException">Its picture's file is missing.</exception>
    public EncodedPair Encode(PreferenceExample example, string id, Action<ExamplePicture, ProcessedImage>? onPicture = null)
    {
        ArgumentNullException.ThrowIfNull(example);
        if (example.Chosen == example.Rejected)
        {
            throw new ArgumentException($"Both answers of {id} are equal, so there is nothing to learn from; expected a correction.",
                nameof(example));
        }

        ImageSource[] sources = example.Image is { } image ? [Source(image, id)] : [];
        Prompt prompt = ToPrompt(example, sources);
        ProcessedImage[] pixels = [.. sources.Select(processor.ImageProcessor.Process)];
        ExamplePicture[] pictures =
        [
            .. sources.Zip(pixels, (source, seen) => ExamplePicture.FromPixels(seen, () => processor.ImageProcessor.Process(source))),
        ];
        EncodedAnswer chosen = processor.EncodeAnswer(prompt, example.Chosen, pixels);
        EncodedAnswer rejected = processor.EncodeAnswer(prompt, example.Rejected, pixels);
        (TokenRole[] chosenRoles, TokenRole[] rejectedRoles) = _roles.Of(example, chosen, rejected);
        var pair = new EncodedPair(id, Sequence(chosen, chosenRoles), Sequence(rejected, rejectedRoles), pictures);
        int longest = Math.Max(pair.Chosen.Length, pair.Rejected.Length);
        if (longest > maxTokens)
        {
            throw new ArgumentException(
                $"{id} takes {longest} tokens with its picture; expected at most {maxTokens}. "
                + "Shorten it, or raise MaxTokens if the model allows.",
                nameof(example));
        }

        foreach ((ExamplePicture picture, ProcessedImage processed) in pictures.Zip(pixels))
        {
            onPicture?.Invoke(picture, processed);
        }

        return pair;
    }

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
        var pairs = new List<EncodedPair>(examples.Count);
        var skipped = new List<SkippedExample>();
        for (int i = 0; i < examples.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            string id = examples[i].Origin.Id is { } name ? $"example {i} ({name})" : $"example {i}";
            try
            {
                pairs.Add(Encode(examples[i], id, onPicture));
            }
            catch (Exception e) when (e is ArgumentException or ImageFormatException or IOException)
            {
                if (invalid == InvalidExamplePolicy.Refuse)
                {
                    throw new ArgumentException($"{Capital(id)} cannot be trained on: {e.Message}", nameof(examples), e);
                }

                skipped.Add(new SkippedExample(id, e.Message));
            }
        }

        return pairs.Count > 0
            ? new EncodedExamples<EncodedPair>(pairs, skipped)
            : throw new ArgumentException(
                skipped.Count == 0
                    ? "There is no example to train on."
                    : $"None of the {skipped.Count} examples can be trained on. The first: {skipped[0].Id}: {skipped[0].Reason}",
                nameof(examples));
    }

    private static EncodedSequence Sequence(EncodedAnswer answer, TokenRole[] roles) => new(
        [.. answer.PromptIds, .. answer.AnswerIds],
        [.. Enumerable.Repeat(TokenRole.Unscored, answer.PromptIds.Count), .. roles])
    {
        Positions = answer.Positions,
    };

    private static Prompt ToPrompt(PreferenceExample example, ImageSource[] pictures)
    {
        string? system = example.History.FirstOrDefault(turn => turn.Role == PreferenceRole.System)?.Text;
        var prompt = new Prompt([], system);
        ReadOnlySpan<ImageSource> waiting = pictures;
        foreach (PreferenceTurn turn in example.History.Where(turn => turn.Role != PreferenceRole.System))
        {
            if (turn.Role == PreferenceRole.Assistant)
            {
                prompt = prompt.WithAnswer(turn.Text);
                continue;
            }

            prompt = prompt.WithQuestion(turn.Text, waiting);
            waiting = [];
        }

        return prompt.WithQuestion(example.Prompt, waiting);
    }

    private static ImageSource Source(PreferenceImage image, string id) => image switch
    {
        { Bytes: { } bytes } => ImageSource.FromBytes(bytes, image.Path ?? $"the picture of {id}"),
        { Path: { } path } => ImageSource.FromFile(path),
        _ => throw new ArgumentException($"The picture of {id} has neither bytes nor a path."),
    };

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
