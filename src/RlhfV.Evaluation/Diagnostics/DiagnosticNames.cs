namespace RlhfV.Evaluation;

/// <summary>The kinds of diagnostics in the words of a report.</summary>
internal static class DiagnosticNames
{
    public static string Of(string code) => code switch
    {
        DiagnosticCode.MalformedRecord => "Records that could not be read",
        DiagnosticCode.AnswerWithoutId => "Answers that name no item",
        DiagnosticCode.DuplicateAnswer => "Items answered more than once",
        DiagnosticCode.MissingAnswer => "Items without an answer",
        DiagnosticCode.EmptyAnswer => "Empty answers",
        DiagnosticCode.UnclearAnswer => "Answers that could not be understood",
        DiagnosticCode.MissingTruth => "Answers whose truth is not known",
        DiagnosticCode.DuplicateTruth => "Items that the truth has more than once",
        DiagnosticCode.UnknownObject => "Object names outside the vocabulary",
        DiagnosticCode.JudgeUnusable => "Judge's replies without the form asked for",
        DiagnosticCode.JudgeRefused => "Items a judge declined to judge",
        DiagnosticCode.JudgeFailed => "Items a judge could not be asked about",
        DiagnosticCode.OtherPrompt => "Judges asked in other words than the benchmark's",
        DiagnosticCode.FigureAbsent => "Figures that the data do not define",
        _ => code,
    };
}
