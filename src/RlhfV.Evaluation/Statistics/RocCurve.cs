namespace RlhfV.Evaluation;

/// <summary>
/// How well a score tells positives from negatives, whatever the threshold (Fawcett, An introduction to ROC analysis, 2006). The area is the
/// probability that a positive drawn at random scores higher than a negative, a tie counting half (Hanley and McNeil, 1982): 0.5 is chance.
/// </summary>
public sealed class RocCurve
{
    private RocCurve(IReadOnlyList<RocPoint> points, Estimate area, int positives, int negatives) =>
        (Points, Area, Positives, Negatives) = (points, area, positives, negatives);

    /// <summary>
    /// One point for each different score, from the highest threshold to the lowest; the first reports nothing, the last everything.
    /// </summary>
    public IReadOnlyList<RocPoint> Points { get; }

    /// <summary>The area under the curve, 0 to 1, with its bootstrap interval; absent without positives or without negatives.</summary>
    public Estimate Area { get; }

    /// <summary>Number of positives.</summary>
    public int Positives { get; }

    /// <summary>Number of negatives.</summary>
    public int Negatives { get; }

    /// <summary>Computes the curve.</summary>
    /// <param name="items">The scored items, in any order.</param>
    /// <param name="bootstrap">
    /// How the interval is drawn; null for the defaults. Groups are resampled, not items; resamples without positives or negatives are left out.
    /// </param>
    /// <exception cref="ArgumentException">A score is not a finite number.</exception>
    public static RocCurve Of(IEnumerable<RocItem> items, BootstrapOptions? bootstrap = null)
    {
        ArgumentNullException.ThrowIfNull(items);
        RocItem[] sorted = [.. items.OrderByDescending(item => item.Score)];
        if (sorted.Any(item => !double.IsFinite(item.Score)))
        {
            throw new ArgumentException(
                $"A score is {sorted.First(item => !double.IsFinite(item.Score)).Score}; expected finite numbers.", nameof(items));
        }

        int positives = sorted.Count(item => item.IsPositive), negatives = sorted.Length - positives;
        return new(Trace(sorted, positives, negatives), Estimate(sorted, bootstrap ?? BootstrapOptions.Default), positives, negatives);
    }

    /// <summary>What a threshold finds.</summary>
    /// <param name="threshold">Items with this score or a higher one are reported.</param>
    public RocPoint At(double threshold)
    {
        RocPoint reached = Points.Last(point => point.Threshold >= threshold || double.IsPositiveInfinity(point.Threshold));
        return reached with { Threshold = threshold };
    }

    private static List<RocPoint> Trace(RocItem[] sorted, int positives, int negatives)
    {
        List<RocPoint> points = [new(double.PositiveInfinity, positives == 0 ? double.NaN : 0, negatives == 0 ? double.NaN : 0, double.NaN)];
        int found = 0;
        for (int i = 0; i < sorted.Length; i++)
        {
            found += sorted[i].IsPositive ? 1 : 0;
            bool tied = i + 1 < sorted.Length && sorted[i + 1].Score == sorted[i].Score;
            if (!tied)
            {
                int reported = i + 1;
                points.Add(new(
                    sorted[i].Score, (double)found / positives, (double)(reported - found) / negatives, (double)found / reported));
            }
        }

        return points;
    }

    private static Estimate Estimate(RocItem[] sorted, BootstrapOptions options)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        int groups = 0;
        int[] group = new int[sorted.Length];
        for (int i = 0; i < sorted.Length; i++)
        {
            if (sorted[i].Group is not { } name)
            {
                group[i] = groups++;
            }
            else if (!numbers.TryGetValue(name, out group[i]))
            {
                numbers[name] = group[i] = groups++;
            }
        }

        int[] weights = new int[groups];
        Array.Fill(weights, 1);
        double area = WeightedArea(sorted, group, weights);
        if (double.IsNaN(area))
        {
            return new(double.NaN, ConfidenceInterval.None);
        }

        var random = new SplitMix64(options.Seed);
        var areas = new List<double>(options.Resamples);
        for (int resample = 0; resample < options.Resamples; resample++)
        {
            Array.Clear(weights);
            for (int draw = 0; draw < groups; draw++)
            {
                weights[random.Next(groups)]++;
            }

            if (WeightedArea(sorted, group, weights) is var value && !double.IsNaN(value))
            {
                areas.Add(value);
            }
        }

        return new(area, Bootstrap.Percentiles([.. areas], options.Confidence));
    }

    /// <summary>The area with every item counted as often as its group was drawn; NaN without positives or negatives.</summary>
    private static double WeightedArea(RocItem[] sorted, int[] group, int[] weights)
    {
        double above = 0, positives = 0, negatives = 0;
        for (int i = 0; i < sorted.Length;)
        {
            double tiedPositives = 0, tiedNegatives = 0, score = sorted[i].Score;
            for (; i < sorted.Length && sorted[i].Score == score; i++)
            {
                if (sorted[i].IsPositive)
                {
                    tiedPositives += weights[group[i]];
                }
                else
                {
                    tiedNegatives += weights[group[i]];
                }
            }

            above += tiedNegatives * (positives + tiedPositives / 2);
            positives += tiedPositives;
            negatives += tiedNegatives;
        }

        return positives == 0 || negatives == 0 ? double.NaN : above / (positives * negatives);
    }
}
