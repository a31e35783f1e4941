namespace RlhfV.Evaluation;

/// <summary>How often responses imagine the objects that usually go with a scene.</summary>
public sealed record SceneRates
{
    /// <summary>Number of responses.</summary>
    public required int Responses { get; init; }

    /// <summary>Responses that name one of the scene's objects.</summary>
    public required int Mentioning { get; init; }

    /// <summary>Responses that imagine one of the scene's objects.</summary>
    public required int Hallucinating { get; init; }

    /// <summary>Objects of the scene that at least one response names.</summary>
    public required int ObjectsMentioned { get; init; }

    /// <summary>
    /// <see cref="Hallucinating"/> / <see cref="Mentioning"/>: the reading of the paper's table 2 that its values fit. NaN when no response
    /// names one of the objects.
    /// </summary>
    public double Rate => Mentioning == 0 ? double.NaN : (double)Hallucinating / Mentioning;

    /// <summary><see cref="Hallucinating"/> / <see cref="Responses"/>: another reading. NaN without responses.</summary>
    public double RateOfResponses => Responses == 0 ? double.NaN : (double)Hallucinating / Responses;

    /// <summary>
    /// Mean over the objects of responses that imagine it / responses that name it: a third reading. NaN when none is named.
    /// </summary>
    public required double RatePerObject { get; init; }
}
