namespace RlhfV.Evaluation;

/// <summary>The accuracies of HallusionBench.</summary>
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
}
