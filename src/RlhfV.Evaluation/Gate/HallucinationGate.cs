namespace RlhfV.Evaluation;

/// <summary>
/// Stops a release that hallucinates more: a candidate model against the one in use on the same items, with thresholds from a file. In a
/// test or a build step:
/// <c>new HallucinationGate(GateThresholds.Load("gate.json")).Check(baseline, candidate).ThrowIfFailed();</c>
/// </summary>
public sealed class HallucinationGate
{
    private const string All = "all";

    private readonly GateThresholds _thresholds;

    /// <summary>Makes a gate.</summary>
    /// <param name="thresholds">What the candidate must hold.</param>
    /// <exception cref="ArgumentException">A limit is no share from 0 to 1, or the fewest items are not one or more.</exception>
    public HallucinationGate(GateThresholds thresholds)
    {
        ArgumentNullException.ThrowIfNull(thresholds);
        thresholds.Validate(nameof(thresholds));
        _thresholds = thresholds;
    }

    /// <summary>Checks every threshold.</summary>
    /// <param name="baseline">Assessments of the model in use; ids are unique.</param>
    /// <param name="candidate">Assessments of the candidate on the same ids.</param>
    /// <param name="bootstrap">How confidence intervals are drawn; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no item, an id occurs twice, or an id is missing on one side.</exception>
    public GateResult Check(
        IReadOnlyList<ResponseAssessment> baseline, IReadOnlyList<ResponseAssessment> candidate, BootstrapOptions? bootstrap = null)
    {
        PairedComparison all = PairedComparison.Of(baseline, candidate, bootstrap);
        HallucinationMetrics before = HallucinationMetrics.From(baseline, bootstrap);
        HallucinationMetrics after = HallucinationMetrics.From(candidate, bootstrap);
        IEnumerable<GateRegression?> checks =
        [
            Enough(all.Items),
            AtMost("response rate", after.ResponseRate.Value, _thresholds.MaxResponseRate),
            AtMost("mention rate", after.MentionRate.Value, _thresholds.MaxMentionRate),
            AtLeast("recall", after.Recall.Value, _thresholds.MinRecall),
            Rise("response rate", All, all.BaselineRate, all.CandidateRate, all.ResponseRateChange, _thresholds.MaxResponseRateIncrease),
            Rise("mention rate", All, before.MentionRate.Value, after.MentionRate.Value, all.MentionRateChange,
                _thresholds.MaxMentionRateIncrease),
            Fall("recall", before.Recall.Value, after.Recall.Value, all.RecallChange, _thresholds.MaxRecallDrop),
            .. all.Types.Select(type => Rise(
                "response rate", $"type {type.Type.Code}", Rate(before, type), Rate(after, type), type.ResponseRateChange,
                _thresholds.MaxTypeRateIncrease)),
            .. Scenes(baseline, candidate, bootstrap),
        ];
        return new(all, [.. checks.OfType<GateRegression>()]);
    }

    private IEnumerable<GateRegression?> Scenes(
        IReadOnlyList<ResponseAssessment> baseline, IReadOnlyList<ResponseAssessment> candidate, BootstrapOptions? bootstrap) =>
        _thresholds.MaxSceneRateIncrease is not { } limit ? []
            : Breakdown.Compare(baseline, candidate, Breakdown.Scene, bootstrap).Select(scene => Rise(
            "response rate", $"scene {scene.Key}", scene.Value.BaselineRate, scene.Value.CandidateRate, scene.Value.ResponseRateChange,
            limit));

    private GateRegression? Enough(int items) => items >= _thresholds.MinItems ? null : new(
        "items", All, double.NaN, items, default, _thresholds.MinItems,
        $"There are {items} items; the thresholds ask for {_thresholds.MinItems} or more to decide on.");

    /// <summary>A figure that was not measured cannot hold a limit: silence would pass every gate.</summary>
    private static GateRegression? AtMost(string figure, double value, double? limit) =>
        limit is not { } most || value <= most ? null : Absolute(figure, value, most, "at most");

    private static GateRegression? AtLeast(string figure, double value, double? limit) =>
        limit is not { } least || value >= least ? null : Absolute(figure, value, least, "at least");

    private static GateRegression Absolute(string figure, double value, double limit, string relation) => new(
        figure, All, double.NaN, value, new(double.NaN, ConfidenceInterval.None), limit,
        double.IsNaN(value)
            ? $"The {figure} was not measured; {relation} {ReportFormat.Percent(limit)} is asked for."
            : $"The {figure} is {ReportFormat.Percent(value)}; {relation} {ReportFormat.Percent(limit)} is asked for.");

    private GateRegression? Rise(string figure, string scope, double before, double after, Estimate change, double? limit) =>
        limit is not { } most || (change.HasValue && (change.Value <= most || (_thresholds.OnlySignificant && change.Interval.Lower <= 0)))
            ? null : Changed(figure, scope, before, after, change, most, "rise");

    private GateRegression? Fall(string figure, double before, double after, Estimate change, double? limit) =>
        limit is not { } most || (change.HasValue && (change.Value >= -most || (_thresholds.OnlySignificant && change.Interval.Upper >= 0)))
            ? null : Changed(figure, All, before, after, change, most, "fall");

    private static GateRegression Changed(
        string figure, string scope, double before, double after, Estimate change, double limit, string verb) => new(
            figure, scope, before, after, change, limit,
            change.HasValue
                ? $"The {figure} ({scope}) went from {ReportFormat.Percent(before)} to {ReportFormat.Percent(after)}, " +
                    $"{ReportFormat.Points(change.Value)} " +
                  $"({ReportFormat.Interval(change.Interval, ReportFormat.Points)}); it may {verb} by {ReportFormat.Mean(limit * 100)} points."
                : $"The {figure} ({scope}) was not measured on both sides; it may {verb} by {ReportFormat.Mean(limit * 100)} points.");

    private static double Rate(HallucinationMetrics metrics, PairedTypeComparison type) =>
        metrics.Types.FirstOrDefault(t => t.Type == type.Type)?.ResponseRate.Value ?? 0;
}
