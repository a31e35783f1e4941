namespace RlhfV.Evaluation;

/// <summary>What a response says about a picture's objects.</summary>
/// <param name="ImageId">The picture.</param>
/// <param name="Mentioned">Classes the response names.</param>
/// <param name="Hallucinated">Those of them that the picture does not show.</param>
public sealed record SceneResponse(string ImageId, IReadOnlySet<string> Mentioned, IReadOnlySet<string> Hallucinated)
{
    /// <summary>Takes the classes from a score of CHAIR or Object HalBench.</summary>
    /// <param name="score">The score.</param>
    public static SceneResponse Of(ObjectScore score)
    {
        ArgumentNullException.ThrowIfNull(score);
        return new(
            score.Answer.ImageId, score.Mentions.Select(mention => mention.Class).ToHashSet(StringComparer.Ordinal),
            score.Hallucinated.Select(mention => mention.Class).ToHashSet(StringComparer.Ordinal));
    }
}
