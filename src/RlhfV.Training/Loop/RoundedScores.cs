namespace RlhfV.Training.Loop;

/// <summary>What plain DPO compares with in the released code: scores of whole answers, rounded to bf16 there.</summary>
/// <param name="ChosenSum">Sum over the chosen answer's tokens.</param>
/// <param name="ChosenMean">That sum by the number of tokens.</param>
/// <param name="RejectedSum">Sum over the rejected answer's tokens.</param>
/// <param name="RejectedMean">That sum by the number of tokens.</param>
internal readonly record struct RoundedScores(float ChosenSum, float ChosenMean, float RejectedSum, float RejectedMean);
