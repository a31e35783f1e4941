using RlhfV.Preferences;

namespace RlhfV.Evaluation;

/// <summary>The outcome of <see cref="ObjectHalBench"/>.</summary>
public sealed record ObjectHalResult
{
    /// <summary>How responses were read and scored.</summary>
    public required ScoringMode Mode { get; init; }

    /// <summary>How objects were found: <c>words</c> for the lexical reader, <c>judge</c> for a language model.</summary>
    public required string Extractor { get; init; }

    /// <summary>
    /// The rates. The paper's response level is <see cref="ObjectRates.OfResponsesWithObjects"/>, its mention level
    /// <see cref="ObjectRates.OfMentions"/>; <see cref="ObjectRates.Recall"/> tells how much the responses still say.
    /// </summary>
    public required ObjectRates Rates { get; init; }

    /// <summary>Mean number of words per response; NaN without responses.</summary>
    public required double AverageWords { get; init; }

    /// <summary>Responses left out because the judge gave no usable list for them.</summary>
    public required int Unjudged { get; init; }

    /// <summary>Every response that was scored, in the order given.</summary>
    public required IReadOnlyList<ObjectScore> Scores { get; init; }

    /// <summary>Who judged; null for the lexical reader.</summary>
    public JudgeSummary? Judge { get; init; }

    /// <summary>What was left out, and why.</summary>
    public required IReadOnlyList<EvaluationDiagnostic> Diagnostics { get; init; }

    /// <summary>The scored responses in the form that reports, comparisons and gates take.</summary>
    /// <param name="image">Gives the picture of an answer, for reports; null shows none.</param>
    public IReadOnlyList<ResponseAssessment> ToAssessments(Func<ModelAnswer, PreferenceImage?>? image = null) =>
        [.. Scores.Select(score => ObjectAssessments.Of(score, image?.Invoke(score.Answer)))];
}
