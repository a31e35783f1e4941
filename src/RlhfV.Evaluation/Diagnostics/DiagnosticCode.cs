namespace RlhfV.Evaluation;

/// <summary>The kinds of <see cref="EvaluationDiagnostic"/>. Codes are stable: scripts may count them.</summary>
public static class DiagnosticCode
{
    /// <summary>A line or record of a file could not be read and was left out.</summary>
    public const string MalformedRecord = "record.malformed";

    /// <summary>An answer names no item and was left out.</summary>
    public const string AnswerWithoutId = "answer.no-id";

    /// <summary>An item was answered more than once; the message says which answer counts.</summary>
    public const string DuplicateAnswer = "answer.duplicate";

    /// <summary>An item of the benchmark has no answer.</summary>
    public const string MissingAnswer = "answer.missing";

    /// <summary>An answer was given but is empty.</summary>
    public const string EmptyAnswer = "answer.empty";

    /// <summary>An answer could not be understood, for example neither yes nor no.</summary>
    public const string UnclearAnswer = "answer.unclear";

    /// <summary>An answer belongs to an item for which no truth is known, and was left out.</summary>
    public const string MissingTruth = "truth.missing";

    /// <summary>The truth has an item more than once; the message says what became of its answers.</summary>
    public const string DuplicateTruth = "truth.duplicate";

    /// <summary>An object's name is not in the vocabulary and was left out.</summary>
    public const string UnknownObject = "object.unknown";

    /// <summary>A judge replied, but never in the form asked for.</summary>
    public const string JudgeUnusable = "judge.unusable";

    /// <summary>A judge declined to answer.</summary>
    public const string JudgeRefused = "judge.refused";

    /// <summary>A judge could not be asked: every call failed.</summary>
    public const string JudgeFailed = "judge.failed";

    /// <summary>A judge was asked in other words than those of the benchmark, though official figures were wanted.</summary>
    public const string OtherPrompt = "judge.other-prompt";

    /// <summary>A figure is absent because nothing was there to divide by; the published script stops in this place.</summary>
    public const string FigureAbsent = "figure.absent";
}
