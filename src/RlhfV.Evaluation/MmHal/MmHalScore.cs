namespace RlhfV.Evaluation;

/// <summary>One judged answer.</summary>
/// <param name="Item">The question and the answer.</param>
/// <param name="Review">What the judge wrote; null when it gave nothing usable.</param>
/// <param name="Rating">The rating, 0 to 6; null when there is none that counts.</param>
/// <param name="IsUsable">True when the review states one clear rating. A rating without it is the published script's guess of 0.</param>
public sealed record MmHalScore(MmHalItem Item, string? Review, int? Rating, bool IsUsable)
{
    /// <summary>Ratings from here on say that nothing is hallucinated.</summary>
    internal const int Faithful = 3;

    /// <summary>True when the judge found a hallucination: a rating below 3.</summary>
    public bool IsHallucinated => Rating < Faithful;

    /// <summary>How much the answer says, 0 to 3, whether hallucinated or not.</summary>
    public int? Informativeness => Rating >= Faithful ? Rating - Faithful : Rating;
}
