namespace RlhfV.Evaluation;

/// <summary>The figures of one category, or of all together.</summary>
/// <param name="Reviews">Reviews that count.</param>
/// <param name="Skipped">Reviews that could not be read.</param>
/// <param name="Reference">Mean score of the reference answers.</param>
/// <param name="Answer">Mean score of the answers.</param>
/// <param name="Relative">
/// Mean score of the answers over that of the reference answers: 1 is as good as the reference; NaN when nothing was scored or the reference's
/// mean is zero.
/// </param>
public sealed record LlavaBenchCategory(int Reviews, int Skipped, double Reference, double Answer, Estimate Relative)
{
    /// <summary>
    /// <see cref="Relative"/> in percent as the published scripts print it: one decimal, of means that were rounded to three decimals
    /// before; NaN where they stop because the reference's mean is zero.
    /// </summary>
    public double PrintedRelative => ExactRounding.Round(Reference, 3) is var reference && reference == 0
        ? double.NaN : ExactRounding.Round(ExactRounding.Round(Answer, 3) / reference * 100, 1);
}
