namespace RlhfV.Evaluation;

/// <summary>A judged answer of HallusionBench.</summary>
public sealed record HallusionRecord
{
    /// <summary><c>VD</c> (the picture alters the answer) or <c>VS</c> (the picture only supplements).</summary>
    public required string Category { get; init; }

    /// <summary>For example <c>chart</c> or <c>illusion</c>.</summary>
    public required string Subcategory { get; init; }

    /// <summary>0 without a picture, 1 with the original, 2 with an edited one.</summary>
    public required string VisualInput { get; init; }

    /// <summary>Pictures that belong together.</summary>
    public required string Set { get; init; }

    /// <summary>The picture within its set; 0 in category VS means that none was shown.</summary>
    public required string Figure { get; init; }

    /// <summary>The question within its set.</summary>
    public required string Question { get; init; }

    /// <summary>What the judge said.</summary>
    public required HallusionVerdict Verdict { get; init; }

    /// <summary>True for a right answer, and for one that commits to nothing where no picture was shown.</summary>
    public bool IsCorrect => Verdict == HallusionVerdict.Right || (IsWithoutPicture && Verdict == HallusionVerdict.Unclear);

    /// <summary>True when the question was asked without a picture.</summary>
    internal bool IsWithoutPicture => Category == "VS" && Figure == "0";
}
