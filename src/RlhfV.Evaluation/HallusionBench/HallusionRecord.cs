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

    /// <summary>The right answer, true for yes; null when not known, which leaves the record out of <see cref="HallusionMetrics.YesBias"/>.</summary>
    public bool? TrueAnswer { get; init; }

    /// <summary>
    /// True when the answer says the same as the answer to the question on figure 0; null when nobody compared them, which may leave the cause
    /// of a mistake undetermined (<see cref="HallusionMetrics.Causes"/>).
    /// </summary>
    public bool? SameAsOriginal { get; init; }

    /// <summary>True for a right answer, and for one that commits to nothing where no picture was shown.</summary>
    public bool IsCorrect => Verdict == HallusionVerdict.Right || (IsWithoutPicture && Verdict == HallusionVerdict.Unclear);

    /// <summary>True when the picture only supplements what is generally known.</summary>
    internal bool IsSupplement => Category == "VS";

    /// <summary>True for the question as it is asked first: about the unedited picture, or without one.</summary>
    internal bool IsOriginal => Figure == "0";

    /// <summary>True when the question was asked without a picture.</summary>
    internal bool IsWithoutPicture => IsSupplement && IsOriginal;

    /// <summary>The question over all its pictures.</summary>
    internal (string Category, string Subcategory, string Set, string Question) Group => (Category, Subcategory, Set, Question);

    /// <summary>The question with this picture, as diagnostics name it.</summary>
    internal string Name => $"{Category}/{Subcategory} set {Set} figure {Figure} question {Question}";
}
