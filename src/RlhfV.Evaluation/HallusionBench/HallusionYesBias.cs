namespace RlhfV.Evaluation;

/// <summary>Whether a model leans towards yes or no, whatever is asked; over the records whose right answer is known.</summary>
/// <param name="Records">Records whose right answer is known.</param>
/// <param name="Difference">
/// Share of answers that say yes - share of questions whose answer is yes; 0 is unbiased, NaN without records. As in the published script, an
/// answer says yes when it is correct on a yes question or not correct on a no question, so that an unclear answer counts as the wrong one.
/// </param>
/// <param name="FalsePositiveRatio">Of the answers that are not correct, those to questions whose answer is no; NaN when all are correct.</param>
public readonly record struct HallusionYesBias(int Records, double Difference, double FalsePositiveRatio);
