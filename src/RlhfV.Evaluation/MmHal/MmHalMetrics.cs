namespace RlhfV.Evaluation;

/// <summary>The figures of MMHal-Bench.</summary>
public sealed class MmHalMetrics
{
    private const int One = 0, Rating = 1, Hallucinated = 2, Points = 3, Columns = 4;

    private MmHalMetrics()
    {
    }

    /// <summary>Mean rating, 0 to 6; the numerator is the sum of ratings.</summary>
    public RatioEstimate AverageScore { get; private init; }

    /// <summary>
    /// Answers rated below 3 / answers rated. The RLHF-V paper reports this column from people's judgement, not the judge's.
    /// </summary>
    public RatioEstimate HallucinationRate { get; private init; }

    /// <summary>
    /// Mean informativeness, 0 to 1: (rating - 3 if rating is 3 or more, else rating) / 3. The paper's figure is a hundred times this.
    /// </summary>
    public RatioEstimate Informativeness { get; private init; }

    /// <summary>Reviews without one clear rating. The published script counts most of them as 0, which says hallucinated.</summary>
    public int Unusable { get; private init; }

    internal static MmHalMetrics Of(IReadOnlyList<MmHalScore> scores, BootstrapOptions? bootstrap)
    {
        MmHalScore[] rated = [.. scores.Where(score => score.Rating.HasValue)];
        var table = new ItemTable(rated.Length, Columns);
        for (int i = 0; i < rated.Length; i++)
        {
            Span<double> row = table.Row(i);
            row[One] = 1;
            row[Rating] = rated[i].Rating!.Value; // Only rated ones are here.
            row[Hallucinated] = rated[i].IsHallucinated ? 1 : 0;
            row[Points] = rated[i].Informativeness!.Value;
        }

        var resampled = new Bootstrap(table, bootstrap ?? BootstrapOptions.Default);
        Estimate informativeness = resampled.Estimate(s => s[Points] / (3 * s[One]));
        RatioEstimate points = resampled.Ratio(Points, One);
        return new()
        {
            AverageScore = resampled.Ratio(Rating, One),
            HallucinationRate = resampled.Share(Hallucinated, One),
            Informativeness = new(points.Numerator, 3 * points.Denominator, informativeness.Interval),
            Unusable = scores.Count(score => !score.IsUsable),
        };
    }
}
