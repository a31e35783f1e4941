using RlhfV.Preferences;

namespace RlhfV.Evaluation;

/// <summary>
/// One answer of a model and what an annotator, a checker or a benchmark found wrong with it. Everything the hallucination metrics and the
/// report need to know about a response is here; how it was found is not.
/// </summary>
public sealed record ResponseAssessment
{
    private readonly string _response = "";
    private readonly bool? _isHallucinated;

    /// <summary>Identifies the item (picture and prompt) across models: answers with equal ids are compared with each other.</summary>
    public required string Id { get; init; }

    /// <summary>The question, without any image token.</summary>
    public required string Prompt { get; init; }

    /// <summary>The picture, the first where there are several, or null when the report shall show none.</summary>
    public PreferenceImage? Image { get; init; }

    /// <summary>The pictures after <see cref="Image"/>, in order, which the report shows as well; empty for one picture or none.</summary>
    public IReadOnlyList<PreferenceImage> MoreImages { get; init => field = value ?? []; } = [];

    /// <summary>What the model answered; may be empty.</summary>
    public required string Response
    {
        get => _response;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            _response = value;
            Words = CountWords(value);
        }
    }

    /// <summary>The hallucinated stretches of <see cref="Response"/>, in any order; empty for a faithful answer.</summary>
    public IReadOnlyList<HallucinatedSegment> Segments { get; init; } = [];

    /// <summary>
    /// Number of mentions (claims about the picture) that were checked, hallucinated ones included; null when mentions were not counted,
    /// which leaves the answer out of the mention-level rate.
    /// </summary>
    public int? Mentions { get; init; }

    /// <summary>Number of <see cref="Mentions"/> that are hallucinated; null means one for each of <see cref="Segments"/>.</summary>
    public int? HallucinatedMentions { get; init; }

    /// <summary>Number of objects that are in the picture; null when not known, which leaves the answer out of the recall.</summary>
    public int? ObjectsPresent { get; init; }

    /// <summary>Number of the present objects that the answer names; null when not known.</summary>
    public int? ObjectsFound { get; init; }

    /// <summary>The kind of scene the picture shows, by which figures can be broken down; null when not known.</summary>
    public string? Scene { get; init; }

    /// <summary>The benchmark or data set the item comes from, by which figures can be broken down; null when not known.</summary>
    public string? Source { get; init; }

    /// <summary>Number of words of <see cref="Response"/>: maximal runs without white space.</summary>
    public int Words { get; private init; }

    /// <summary>
    /// True when something in the answer is hallucinated. Follows from <see cref="Segments"/> unless set: a judge may find a hallucination
    /// without saying where it stands.
    /// </summary>
    public bool IsHallucinated
    {
        get => _isHallucinated ?? Segments.Count > 0;
        init => _isHallucinated = value;
    }

    /// <summary>Checks that the parts agree with each other.</summary>
    /// <param name="parameterName">The argument to blame.</param>
    /// <exception cref="ArgumentException">A segment ends behind the response, or a count contradicts another.</exception>
    internal void Validate(string parameterName)
    {
        foreach (HallucinatedSegment segment in Segments)
        {
            if (segment.Span.End > Response.Length)
            {
                throw Contradiction(
                    $"the segment {segment.Span.Start}..{segment.Span.End} ends behind the response of {Response.Length} characters");
            }
        }

        if (!IsHallucinated && Segments.Count > 0)
        {
            throw Contradiction($"{nameof(IsHallucinated)} is false but {Segments.Count} segments are hallucinated");
        }

        if (Mentions < 0 || HallucinatedMentions < 0 || ObjectsPresent < 0 || ObjectsFound < 0)
        {
            throw Contradiction("a count is negative");
        }

        if (Mentions is { } mentions && (HallucinatedMentions ?? Segments.Count) is var wrong && wrong > mentions)
        {
            throw Contradiction($"{wrong} mentions are hallucinated but only {mentions} were checked");
        }

        if (ObjectsPresent.HasValue != ObjectsFound.HasValue)
        {
            throw Contradiction($"only one of {nameof(ObjectsPresent)} and {nameof(ObjectsFound)} is given; give both or neither");
        }

        if (ObjectsFound > ObjectsPresent)
        {
            throw Contradiction($"{ObjectsFound} objects were found but only {ObjectsPresent} are present");
        }

        ArgumentException Contradiction(string what) => new($"Assessment '{Id}': {what}.", parameterName);
    }

    private static int CountWords(string text)
    {
        int words = 0;
        bool inWord = false;
        foreach (char c in text)
        {
            bool space = char.IsWhiteSpace(c);
            words += !space && !inWord ? 1 : 0;
            inWord = !space;
        }

        return words;
    }
}
