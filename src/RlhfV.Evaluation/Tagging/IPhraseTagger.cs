namespace RlhfV.Evaluation;

/// <summary>
/// Splits English into words and names their base forms and parts of speech. Object HalBench, AMBER and the CHAIR of 2024 were published with statistical
/// taggers; put an adapter to one here where figures must agree with theirs to the last digit.
/// </summary>
public interface IPhraseTagger
{
    /// <summary>Tags a phrase or a sentence.</summary>
    /// <param name="text">English text.</param>
    IReadOnlyList<TaggedWord> Tag(string text);
}
