using RlhfV.Preferences;

namespace RlhfV.Evaluation;

/// <summary>
/// Two models on the same items: how much less the candidate hallucinates, and whether that is more than chance. Intervals resample the
/// items and keep each pair together, so that easy and hard items do not blur the difference.
/// </summary>
public sealed class PairedComparison
{
    private const int ItemCount = 0, BaselineHallucinated = 1, CandidateHallucinated = 2, BaselineWrong = 3, BaselineMentions = 4,
        CandidateWrong = 5, CandidateMentions = 6, BaselineFound = 7, BaselinePresent = 8, CandidateFound = 9, CandidatePresent = 10,
        BaselineSegments = 11, CandidateSegments = 12, BaselineWords = 13, CandidateWords = 14,
        FirstType = 15; // From here on two columns per type: has it under the baseline, has it under the candidate.

    private PairedComparison()
    {
    }

    /// <summary>Number of items both models answered.</summary>
    public int Items { get; private init; }

    /// <summary>Items on which both models hallucinate.</summary>
    public int BothHallucinate { get; private init; }

    /// <summary>Items on which the baseline hallucinates and the candidate does not.</summary>
    public int OnlyBaselineHallucinates { get; private init; }

    /// <summary>Items on which the candidate hallucinates and the baseline does not.</summary>
    public int OnlyCandidateHallucinates { get; private init; }

    /// <summary>Items on which neither model hallucinates.</summary>
    public int NeitherHallucinates { get; private init; }

    /// <summary>
    /// Relative reduction of the response-level rate, 1 - candidate / baseline: 0.348 is the paper's "34.8 % fewer"; negative when the
    /// candidate hallucinates more.
    /// </summary>
    public Estimate ResponseRateReduction { get; private init; }

    /// <summary>Change of the response-level rate, candidate - baseline; negative is better.</summary>
    public Estimate ResponseRateChange { get; private init; }

    /// <summary>Share of the baseline's responses with a hallucination.</summary>
    public double BaselineRate => (double)(BothHallucinate + OnlyBaselineHallucinates) / Items;

    /// <summary>Share of the candidate's responses with a hallucination.</summary>
    public double CandidateRate => (double)(BothHallucinate + OnlyCandidateHallucinates) / Items;

    /// <summary>
    /// Change of the mention-level rate, candidate - baseline, over the items whose mentions were counted for both; negative is better.
    /// </summary>
    public Estimate MentionRateChange { get; private init; }

    /// <summary>Relative reduction of the mention-level rate, 1 - candidate / baseline, over the same items.</summary>
    public Estimate MentionRateReduction { get; private init; }

    /// <summary>
    /// Change of the recall, candidate - baseline, over the items whose objects were counted for both; -0.01 is one point lost.
    /// </summary>
    public Estimate RecallChange { get; private init; }

    /// <summary>Relative reduction of the hallucinated segments per response, 1 - candidate / baseline.</summary>
    public Estimate SegmentsPerResponseReduction { get; private init; }

    /// <summary>Relative change of the words per response, candidate / baseline - 1; negative when the candidate says less.</summary>
    public Estimate WordsPerResponseChange { get; private init; }

    /// <summary>Exact two-sided p-value of McNemar's test on the responses that hallucinate under one model only.</summary>
    public double McNemarP { get; private init; }

    /// <summary>The paper's six types, then other types that occur under either model, by code.</summary>
    public IReadOnlyList<PairedTypeComparison> Types { get; private init; } = [];

    /// <summary>Compares two models item by item.</summary>
    /// <param name="baseline">Assessments of the model compared with; ids are unique.</param>
    /// <param name="candidate">Assessments of the other model on the same ids, in any order.</param>
    /// <param name="bootstrap">How confidence intervals are drawn; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no item, an id occurs twice, or an id is missing on one side.</exception>
    public static PairedComparison Of(
        IReadOnlyList<ResponseAssessment> baseline, IReadOnlyList<ResponseAssessment> candidate, BootstrapOptions? bootstrap = null)
    {
        (ResponseAssessment Baseline, ResponseAssessment Candidate)[] pairs = ResponsePairs.Match(baseline, candidate);
        HallucinationType[] types = HallucinationMetrics.TypesOf(baseline.Concat(candidate));
        var table = new ItemTable(pairs.Length, FirstType + 2 * types.Length);
        for (int i = 0; i < pairs.Length; i++)
        {
            Fill(table.Row(i), pairs[i].Baseline, pairs[i].Candidate);
            FillTypes(table.Row(i)[FirstType..], pairs[i].Baseline, types);
            FillTypes(table.Row(i)[(FirstType + 1)..], pairs[i].Candidate, types);
        }

        BootstrapOptions options = bootstrap ?? BootstrapOptions.Default;
        var resampled = new Bootstrap(table, options);
        int onlyBaseline = pairs.Count(p => p.Baseline.IsHallucinated && !p.Candidate.IsHallucinated);
        int onlyCandidate = pairs.Count(p => !p.Baseline.IsHallucinated && p.Candidate.IsHallucinated);
        int both = pairs.Count(p => p.Baseline.IsHallucinated && p.Candidate.IsHallucinated);
        return new()
        {
            Items = pairs.Length,
            BothHallucinate = both,
            OnlyBaselineHallucinates = onlyBaseline,
            OnlyCandidateHallucinates = onlyCandidate,
            NeitherHallucinates = pairs.Length - both - onlyBaseline - onlyCandidate,
            McNemarP = McNemar.ExactP(onlyBaseline, onlyCandidate),
            ResponseRateReduction = resampled.Reduction(CandidateHallucinated, BaselineHallucinated, ItemCount),
            ResponseRateChange = resampled.Change(CandidateHallucinated, BaselineHallucinated, ItemCount, onlyBaseline, onlyCandidate),
            MentionRateReduction = MentionReduction(resampled, table.Sums(), options.Confidence),
            MentionRateChange = resampled.Estimate(s => s[CandidateWrong] / s[CandidateMentions] - s[BaselineWrong] / s[BaselineMentions]),
            SegmentsPerResponseReduction = resampled.Reduction(CandidateSegments, BaselineSegments, ItemCount),
            WordsPerResponseChange = resampled.Estimate(s => s[CandidateWords] / s[BaselineWords] - 1),
            RecallChange = resampled.Estimate(s => s[CandidateFound] / s[CandidatePresent] - s[BaselineFound] / s[BaselinePresent]),
            Types = [.. types.Select((type, t) => OfType(type, FirstType + 2 * t, resampled, table))],
        };
    }

    private static Estimate MentionReduction(Bootstrap resampled, double[] sums, double confidence)
    {
        Estimate reduction = resampled.Estimate(
            s => 1 - s[CandidateWrong] / s[CandidateMentions] / (s[BaselineWrong] / s[BaselineMentions]));
        return reduction.HasValue && sums[CandidateWrong] == 0
            ? reduction with { Interval = PairedIntervals.ReductionToNone(sums[BaselineWrong], sums[BaselineMentions], confidence) } : reduction;
    }

    private static PairedTypeComparison OfType(HallucinationType type, int column, Bootstrap resampled, ItemTable table)
    {
        int onlyBaseline = 0, onlyCandidate = 0;
        for (int i = 0; i < table.Rows; i++)
        {
            (double baseline, double candidate) = (table.Row(i)[column], table.Row(i)[column + 1]);
            onlyBaseline += baseline > candidate ? 1 : 0;
            onlyCandidate += candidate > baseline ? 1 : 0;
        }

        return new(
            type, resampled.Reduction(column + 1, column, ItemCount),
            resampled.Change(column + 1, column, ItemCount, onlyBaseline, onlyCandidate),
            McNemar.ExactP(onlyBaseline, onlyCandidate));
    }

    /// <summary>Marks, in every other column, the types that an answer has a segment of.</summary>
    private static void FillTypes(Span<double> row, ResponseAssessment response, HallucinationType[] types)
    {
        foreach (HallucinatedSegment segment in response.Segments)
        {
            foreach (HallucinationType type in segment.Types)
            {
                row[2 * Array.IndexOf(types, type)] = 1;
            }
        }
    }

    private static void Fill(Span<double> row, ResponseAssessment baseline, ResponseAssessment candidate)
    {
        row[ItemCount] = 1;
        row[BaselineHallucinated] = baseline.IsHallucinated ? 1 : 0;
        row[CandidateHallucinated] = candidate.IsHallucinated ? 1 : 0;
        // Only what was measured on both sides is paired: else the two rates would be those of different items.
        if (baseline.Mentions is { } baselineMentions && candidate.Mentions is { } candidateMentions)
        {
            (row[BaselineWrong], row[BaselineMentions]) = (Wrong(baseline), baselineMentions);
            (row[CandidateWrong], row[CandidateMentions]) = (Wrong(candidate), candidateMentions);
        }

        (row[BaselineSegments], row[CandidateSegments]) = (baseline.Segments.Count, candidate.Segments.Count);
        (row[BaselineWords], row[CandidateWords]) = (baseline.Words, candidate.Words);
        if (baseline.ObjectsPresent is { } baselinePresent && candidate.ObjectsPresent is { } candidatePresent)
        {
            (row[BaselineFound], row[BaselinePresent]) = (baseline.ObjectsFound ?? 0, baselinePresent);
            (row[CandidateFound], row[CandidatePresent]) = (candidate.ObjectsFound ?? 0, candidatePresent);
        }
    }

    private static int Wrong(ResponseAssessment response) => response.HallucinatedMentions ?? response.Segments.Count;
}
