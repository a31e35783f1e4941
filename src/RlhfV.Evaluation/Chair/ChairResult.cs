using RlhfV.Preferences;

namespace RlhfV.Evaluation;

/// <summary>The outcome of <see cref="Chair"/>.</summary>
/// <param name="Mode">How words were read.</param>
/// <param name="Rates">CHAIRs is <see cref="ObjectRates.OfResponses"/>, CHAIRi is <see cref="ObjectRates.OfMentions"/>.</param>
/// <param name="Scores">Every caption that was scored, in the order given.</param>
/// <param name="Diagnostics">What was left out, and why.</param>
public sealed record ChairResult(
    ScoringMode Mode, ObjectRates Rates, IReadOnlyList<ObjectScore> Scores, IReadOnlyList<EvaluationDiagnostic> Diagnostics)
{
    /// <summary>How words were brought to their base form.</summary>
    public required WordForm Form { get; init; }

    /// <summary>
    /// Mean number of words per caption, pairs merged and punctuation included: what the scripts of 2024 print as <c>Len</c>. NaN without captions.
    /// </summary>
    public required double AverageWords { get; init; }

    /// <summary>The scored captions in the form that reports, comparisons and gates take.</summary>
    /// <param name="image">Gives the picture of a caption, for reports; null shows none.</param>
    public IReadOnlyList<ResponseAssessment> ToAssessments(Func<ModelAnswer, PreferenceImage?>? image = null) =>
        [.. Scores.Select(score => ObjectAssessments.Of(score, image?.Invoke(score.Answer)))];
}
