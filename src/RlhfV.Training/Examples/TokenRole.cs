namespace RlhfV.Training.Examples;

/// <summary>What a token of an encoded answer means to the objective.</summary>
public enum TokenRole : byte
{
    /// <summary>Not part of the answer's score: prompt, image, template.</summary>
    Unscored,

    /// <summary>Part of the answer and equal in both answers (y_u of the paper), weight 1.</summary>
    Unchanged,

    /// <summary>Part of a corrected segment (y_c of the paper), weight gamma.</summary>
    Changed,
}
