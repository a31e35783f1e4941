using RlhfV.Preferences;

namespace RlhfV.Evaluation;

/// <summary>
/// How much a model hallucinates and how much it still says, over a set of assessed answers. Rates are in 0 to 1 and carry their counts and
/// a confidence interval from resampling answers; a figure nothing was measured for is NaN (<see cref="RatioEstimate.HasValue"/> is false).
/// </summary>
public sealed class HallucinationMetrics
{
    private const int One = 0, Hallucinated = 1, Wrong = 2, MentionsChecked = 3, Found = 4, Present = 5, WordCount = 6, SegmentCount = 7,
        FirstType = 8;

    private HallucinationMetrics()
    {
    }

    /// <summary>Number of answers.</summary>
    public int Responses { get; private init; }

    /// <summary>Number of answers without any word: they never hallucinate and help nobody.</summary>
    public int EmptyResponses { get; private init; }

    /// <summary>Share of answers with at least one hallucinated segment (RLHF-V, section 4.1: response-level rate).</summary>
    public RatioEstimate ResponseRate { get; private init; }

    /// <summary>Hallucinated mentions over mentions checked (RLHF-V, section 4.1: mention-level rate).</summary>
    public RatioEstimate MentionRate { get; private init; }

    /// <summary>Present objects that the answers name over present objects.</summary>
    public RatioEstimate Recall { get; private init; }

    /// <summary>Mean number of words per answer.</summary>
    public RatioEstimate Words { get; private init; }

    /// <summary>Mean number of hallucinated segments per answer; a segment with several types counts once.</summary>
    public RatioEstimate SegmentsPerResponse { get; private init; }

    /// <summary>The six types of <see cref="HallucinationType.All"/> in that order, then other types that occur, by code.</summary>
    public IReadOnlyList<HallucinationTypeMetrics> Types { get; private init; } = [];

    /// <summary>How the intervals were drawn.</summary>
    public BootstrapOptions Bootstrap { get; private init; } = BootstrapOptions.Default;

    /// <summary>The figures of one type.</summary>
    /// <param name="type">One of the paper's six, or one that occurs in the answers.</param>
    /// <exception cref="KeyNotFoundException">No answer has a segment of that type and it is none of the six.</exception>
    public HallucinationTypeMetrics this[HallucinationType type] =>
        Types.FirstOrDefault(t => t.Type == type)
        ?? throw new KeyNotFoundException(
            $"No answer was marked with the type '{type}'; these types are measured: {string.Join(", ", Types.Select(t => t.Type))}.");

    /// <summary>Computes the metrics of assessed answers.</summary>
    /// <param name="responses">The answers; at least one.</param>
    /// <param name="bootstrap">How confidence intervals are drawn; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no answer, or one contradicts itself.</exception>
    public static HallucinationMetrics From(IEnumerable<ResponseAssessment> responses, BootstrapOptions? bootstrap = null)
    {
        ArgumentNullException.ThrowIfNull(responses);
        ResponseAssessment[] items = [.. responses];
        if (items.Length == 0)
        {
            throw new ArgumentException("There is no response to measure.", nameof(responses));
        }

        Array.ForEach(items, item => item.Validate(nameof(responses)));
        HallucinationType[] types = TypesOf(items);
        var table = new ItemTable(items.Length, FirstType + 2 * types.Length);
        for (int i = 0; i < items.Length; i++)
        {
            Fill(table.Row(i), items[i], types);
        }

        BootstrapOptions options = bootstrap ?? BootstrapOptions.Default;
        var resampled = new Bootstrap(table, options);
        return new()
        {
            Responses = items.Length,
            EmptyResponses = items.Count(item => item.Words == 0),
            ResponseRate = resampled.Share(Hallucinated, One),
            MentionRate = resampled.Share(Wrong, MentionsChecked),
            Recall = resampled.Share(Found, Present),
            Words = resampled.Ratio(WordCount, One),
            SegmentsPerResponse = resampled.Ratio(SegmentCount, One),
            Types =
            [
                .. types.Select((type, t) => new HallucinationTypeMetrics(
                    type, resampled.Share(FirstType + 2 * t, One), resampled.Ratio(FirstType + 2 * t + 1, One))),
            ],
            Bootstrap = options,
        };
    }

    private static void Fill(Span<double> row, ResponseAssessment item, HallucinationType[] types)
    {
        row[One] = 1;
        row[Hallucinated] = item.IsHallucinated ? 1 : 0;
        if (item.Mentions is { } mentions)
        {
            row[Wrong] = item.HallucinatedMentions ?? item.Segments.Count;
            row[MentionsChecked] = mentions;
        }

        row[Found] = item.ObjectsFound ?? 0;
        row[Present] = item.ObjectsPresent ?? 0;
        row[WordCount] = item.Words;
        row[SegmentCount] = item.Segments.Count;
        foreach (HallucinatedSegment segment in item.Segments)
        {
            foreach (HallucinationType type in segment.Types)
            {
                int column = FirstType + 2 * Array.IndexOf(types, type);
                row[column] = 1;
                row[column + 1]++;
            }
        }
    }

    /// <summary>The paper's six types in its order, then other types that occur, by code.</summary>
    internal static HallucinationType[] TypesOf(IEnumerable<ResponseAssessment> responses) =>
    [
        .. HallucinationType.All,
        .. responses.SelectMany(response => response.Segments)
            .SelectMany(segment => segment.Types)
            .Distinct()
            .Where(type => !HallucinationType.All.Contains(type))
            .OrderBy(type => type.Code, StringComparer.Ordinal),
    ];
}
