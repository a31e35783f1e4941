namespace RlhfV.Evaluation;

/// <summary>Why an answer of HallusionBench is wrong, as far as the answers to the same question on other pictures tell.</summary>
internal enum HallusionCause
{
    /// <summary>The model says what it believes anyway and pays the picture no heed.</summary>
    Language,

    /// <summary>The model misreads the picture.</summary>
    Vision,

    /// <summary>Either or both.</summary>
    Mixed,

    /// <summary>The answer to the original question, or its comparison with this one, is missing.</summary>
    Undetermined,
}
