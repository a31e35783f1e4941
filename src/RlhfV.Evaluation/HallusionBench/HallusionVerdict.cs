namespace RlhfV.Evaluation;

/// <summary>A judge's verdict on an answer of HallusionBench.</summary>
public enum HallusionVerdict
{
    /// <summary>The answer is wrong.</summary>
    Wrong = 0,

    /// <summary>The answer is right.</summary>
    Right = 1,

    /// <summary>The answer commits to nothing.</summary>
    Unclear = 2,
}
