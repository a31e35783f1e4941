namespace RlhfV.Preferences;

/// <summary>
/// What the frozen reference model thought of the two answers: natural logarithms of probabilities, as the released RLHF-V code stores
/// them (<c>logps</c>, in the order sum, mean, per token for the chosen and then the rejected answer).
/// </summary>
public sealed record ReferenceLogProbs
{
    /// <summary>Sum over the chosen answer's tokens.</summary>
    public required double ChosenSum { get; init; }

    /// <summary>Mean over the chosen answer's tokens.</summary>
    public required double ChosenMean { get; init; }

    /// <summary>
    /// One value per token of the whole unpadded row of the chosen side, prompt and picture included; it is one shorter than the row.
    /// </summary>
    public required IReadOnlyList<double> ChosenPerToken { get; init; }

    /// <summary>Sum over the rejected answer's tokens.</summary>
    public required double RejectedSum { get; init; }

    /// <summary>Mean over the rejected answer's tokens.</summary>
    public required double RejectedMean { get; init; }

    /// <summary>As <see cref="ChosenPerToken"/>, for the rejected side.</summary>
    public required IReadOnlyList<double> RejectedPerToken { get; init; }

    /// <summary>Equal when every number is equal.</summary>
    /// <param name="other">The log-probabilities to compare with.</param>
    public bool Equals(ReferenceLogProbs? other) =>
        other is not null
        && ChosenSum.Equals(other.ChosenSum) && ChosenMean.Equals(other.ChosenMean)
        && RejectedSum.Equals(other.RejectedSum) && RejectedMean.Equals(other.RejectedMean)
        && ChosenPerToken.SequenceEqual(other.ChosenPerToken) && RejectedPerToken.SequenceEqual(other.RejectedPerToken);

    /// <inheritdoc/>
    public override int GetHashCode() =>
        HashCode.Combine(ChosenSum, ChosenMean, ChosenPerToken.Count, RejectedSum, RejectedMean, RejectedPerToken.Count);
}
