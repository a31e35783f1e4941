namespace RlhfV.Evaluation;

/// <summary>
/// Intervals of paired figures in closed form, for the samples in which resampling has nothing to vary: all pairs alike, or a candidate that
/// never fails. There a percentile interval is a single point and would promise certainty, on one item as on a thousand.
/// </summary>
internal static class PairedIntervals
{
    /// <summary>
    /// The difference of two paired shares, candidate - baseline, where all pairs are alike: the exact bound of the share of such pairs (Clopper and
    /// Pearson, Biometrika 26, 1934), the others taken to speak against it. Where all pairs improve it leaves zero out exactly when
    /// <see cref="McNemar"/>'s p-value is below 1 - <paramref name="confidence"/>.
    /// </summary>
    /// <param name="direction">-1 where in every pair only the baseline fails, 1 where only the candidate does, 0 where no pair differs.</param>
    /// <param name="pairs">All pairs, one or more.</param>
    /// <param name="confidence">Above 0 and below 1.</param>
    public static ConfidenceInterval Change(int direction, int pairs, double confidence)
    {
        double least = Math.Pow((1 - confidence) / 2, 1.0 / pairs);
        return direction switch
        {
            < 0 => new(-1, 1 - 2 * least),
            > 0 => new(2 * least - 1, 1),
            _ => new(least - 1, 1 - least),
        };
    }

    /// <summary>
    /// The relative reduction to none at all: the logarithmic interval of a ratio of shares (Katz et al., Biometrics 34, 1978) with a half added
    /// to each count (Haldane, 1956; Anscombe, 1956), since the logarithm of none is not finite.
    /// </summary>
    /// <param name="baseline">How often the baseline fails; the candidate never does.</param>
    /// <param name="total">Out of how many.</param>
    /// <param name="confidence">Above 0 and below 1.</param>
    public static ConfidenceInterval ReductionToNone(double baseline, double total, double confidence)
    {
        const double Half = 0.5;
        double error = Math.Sqrt(1 / Half + 1 / (baseline + Half) - 2 / (total + Half));
        return new(1 - Half / (baseline + Half) * Math.Exp(Wilson.Quantile(confidence) * error), 1);
    }
}
