namespace RlhfV.Evaluation;

/// <summary>Percentile intervals from resampled column sums (Efron and Tibshirani, An Introduction to the Bootstrap, chapter 13).</summary>
internal sealed class Bootstrap
{
    private readonly double[] _sums;
    private readonly double[][] _resamples;
    private readonly double _confidence;

    public Bootstrap(ItemTable table, BootstrapOptions options)
    {
        _sums = table.Sums();
        _resamples = table.Resample(options);
        _confidence = options.Confidence;
    }

    /// <summary>The ratio of two columns that may exceed one, such as words per answer.</summary>
    public RatioEstimate Ratio(int numerator, int denominator)
    {
        Estimate estimate = Estimate(sums => sums[numerator] / sums[denominator]);
        return new((long)_sums[numerator], (long)_sums[denominator], estimate.Interval);
    }

    /// <summary>
    /// The share of one column in another. A share of exactly none or all has no spread under resampling, and an interval of one point
    /// would promise certainty: such a share gets the bounds of Wilson (JASA 1927) instead.
    /// </summary>
    public RatioEstimate Share(int numerator, int denominator)
    {
        RatioEstimate share = Ratio(numerator, denominator);
        return share.HasValue && (share.Numerator == 0 || share.Numerator == share.Denominator)
            ? share with { Interval = Wilson.Interval(share.Numerator, share.Denominator, _confidence) }
            : share;
    }

    /// <summary>Any figure of the column sums. Resamples for which it is not a finite number are left out.</summary>
    public Estimate Estimate(Func<double[], double> figure)
    {
        double value = figure(_sums);
        if (!double.IsFinite(value))
        {
            return new(double.NaN, ConfidenceInterval.None);
        }

        return new(value, Percentiles([.. _resamples.Select(figure).Where(double.IsFinite)], _confidence));
    }

    /// <summary>The relative reduction 1 - candidate / baseline of two counts out of a third, also where the candidate's is none.</summary>
    public Estimate Reduction(int candidate, int baseline, int total)
    {
        Estimate reduction = Estimate(sums => 1 - sums[candidate] / sums[baseline]);
        return reduction.HasValue && _sums[candidate] == 0
            ? reduction with { Interval = PairedIntervals.ReductionToNone(_sums[baseline], _sums[total], _confidence) } : reduction;
    }

    /// <summary>The difference (candidate - baseline) / items of two counts of items, also where all pairs are alike.</summary>
    public Estimate Change(int candidate, int baseline, int items, int onlyBaseline, int onlyCandidate)
    {
        Estimate change = Estimate(sums => (sums[candidate] - sums[baseline]) / sums[items]);
        int pairs = (int)_sums[items];
        int? direction = onlyBaseline == pairs ? -1 : onlyCandidate == pairs ? 1 : onlyBaseline + onlyCandidate == 0 ? 0 : null;
        return direction is { } all ? change with { Interval = PairedIntervals.Change(all, pairs, _confidence) } : change;
    }

    /// <summary>The bounds between which the middle part of resampled values lies; sorts them. None when there are no values.</summary>
    public static ConfidenceInterval Percentiles(double[] values, double confidence)
    {
        if (values.Length == 0)
        {
            return ConfidenceInterval.None;
        }

        Array.Sort(values);
        double tail = (1 - confidence) / 2;
        return new(Quantile(values, tail), Quantile(values, 1 - tail));
    }

    private static double Quantile(double[] sorted, double probability)
    {
        double place = probability * (sorted.Length - 1);
        int below = (int)place;
        int above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
}
