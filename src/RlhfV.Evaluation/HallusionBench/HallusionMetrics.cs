namespace RlhfV.Evaluation;

/// <summary>The figures of HallusionBench.</summary>
public sealed record HallusionMetrics
{
    /// <summary>Answers on which the judge's verdict is unclear: right where no picture was shown, wrong elsewhere.</summary>
    public required int Unclear { get; init; }

    /// <summary>aAcc: correct answers.</summary>
    public required HallusionAccuracy All { get; init; }

    /// <summary>qAcc: questions that are answered correctly for every picture.</summary>
    public required HallusionAccuracy Questions { get; init; }

    /// <summary>fAcc: pictures about which every question is answered correctly.</summary>
    public required HallusionAccuracy Figures { get; init; }

    /// <summary>Questions without edited pictures, correct for every picture.</summary>
    public required HallusionAccuracy Easy { get; init; }

    /// <summary>Questions on edited pictures, correct for every picture.</summary>
    public required HallusionAccuracy Hard { get; init; }

    /// <summary>How answers about the same picture agree; questions without a picture left out.</summary>
    public required HallusionConsistency Consistency { get; init; }

    /// <summary>Answers that are not correct, by cause: the columns LH, VI and Mixed of the published table.</summary>
    public required HallusionCauses Causes { get; init; }

    /// <summary>Questions that are not answered correctly for every picture, by cause.</summary>
    public required HallusionCauses QuestionCauses { get; init; }

    /// <summary>
    /// Answers that are not correct, by a cause read off their verdict alone: coarser than <see cref="Causes"/>, and there where answers were
    /// not compared (<see cref="HallusionRecord.SameAsOriginal"/>).
    /// </summary>
    public required HallusionCauses VerdictCauses { get; init; }

    /// <summary>Whether the model leans towards yes or no.</summary>
    public required HallusionYesBias YesBias { get; init; }

    /// <summary>What the file lost, repeated records, and figures that the records do not define.</summary>
    public required IReadOnlyList<EvaluationDiagnostic> Diagnostics { get; init; }
}
