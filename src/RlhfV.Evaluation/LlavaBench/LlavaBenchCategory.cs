namespace RlhfV.Evaluation;

/// <summary>The figures of one category, or of all together.</summary>
/// <param name="Reviews">Reviews that count.</param>
/// <param name="Skipped">Reviews that could not be read.</param>
/// <param name="Reference">Mean score of the reference answers.</param>
/// <param name="Answer">Mean score of the answers.</param>
/// <param name="Relative">Mean score of the answers over that of the reference answers: 1 is as good as the reference.</param>
public sealed record LlavaBenchCategory(int Reviews, int Skipped, double Reference, double Answer, Estimate Relative)
{
    /// <summary>
    /// <see cref="Relative"/> in percent as the published scripts print it: one decimal, of means that were rounded to three decimals
    /// before.
    /// </summary>
    public double PrintedRelative => ExactRounding.Round(ExactRounding.Round(Answer, 3) / ExactRounding.Round(Reference, 3) * 100, 1);
}
