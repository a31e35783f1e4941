namespace RlhfV.Preferences;

/// <summary>
/// What a data set looks like, in the figures of RLHF-V (CVPR 2024, section 3.1): length of the answers, corrected segments per answer, and
/// what was wrong in percent.
/// </summary>
public sealed record PreferenceStatistics
{
    /// <summary>Number of examples.</summary>
    public required int Examples { get; init; }

    /// <summary>Number of examples with annotated segments. The others are compared word by word.</summary>
    public required int Annotated { get; init; }

    /// <summary>Number of examples with at least one picture.</summary>
    public required int WithPicture { get; init; }

    /// <summary>Number of different pictures of all examples, by content where bytes are at hand, else by path.</summary>
    public required int Pictures { get; init; }

    /// <summary>Number of corrected segments in all examples.</summary>
    public required int Segments { get; init; }

    /// <summary>Corrected segments per example.</summary>
    public required DistributionSummary SegmentsPerExample { get; init; }

    /// <summary>Words of the chosen answers, counted between white space.</summary>
    public required DistributionSummary ChosenWords { get; init; }

    /// <summary>Words of the rejected answers.</summary>
    public required DistributionSummary RejectedWords { get; init; }

    /// <summary>Words of the chosen minus words of the rejected answer.</summary>
    public required DistributionSummary LengthDifference { get; init; }

    /// <summary>Annotated segments by type, the six of the paper first (also with none), then others by name.</summary>
    public required IReadOnlyList<NamedCount> Types { get; init; }

    /// <summary>Examples by the model that wrote the rejected answer, most frequent first; unknown models are left out.</summary>
    public required IReadOnlyList<NamedCount> Models { get; init; }

    /// <summary>Examples by kind of question, most frequent first; unknown kinds are left out.</summary>
    public required IReadOnlyList<NamedCount> QuestionTypes { get; init; }

    /// <summary>Examples by prompt, most frequent first.</summary>
    public required IReadOnlyList<NamedCount> Prompts { get; init; }

    /// <summary>Counts a data set. The examples are enumerated once and not kept.</summary>
    /// <param name="examples">The examples.</param>
    /// <param name="options">How to compare answers without annotated segments, or null for the defaults.</param>
    /// <param name="cancellationToken">Stops the counting.</param>
    public static PreferenceStatistics Compute(
        IEnumerable<PreferenceExample> examples, SegmentDiffOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(examples);
        var counter = new StatisticsCounter(options);
        foreach (PreferenceExample example in examples)
        {
            cancellationToken.ThrowIfCancellationRequested();
            counter.Add(example);
        }

        return counter.ToStatistics();
    }

    /// <summary>The statistics as Markdown tables, with the paper's figures beside ours.</summary>
    public string ToMarkdown() => StatisticsMarkdown.Write(this);

    /// <summary>The types as an SVG bar chart in percent, with the paper's figures as a second bar.</summary>
    public string ToSvg() => StatisticsChart.Write(this);
}
