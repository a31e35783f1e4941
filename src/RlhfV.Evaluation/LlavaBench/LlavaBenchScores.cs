namespace RlhfV.Evaluation;

/// <summary>The two scores of a review.</summary>
/// <param name="Reference">Score of the reference answer.</param>
/// <param name="Answer">Score of the answer.</param>
public readonly record struct LlavaBenchScores(double Reference, double Answer)
{
    /// <summary>What the published scripts put for a review they cannot read.</summary>
    internal static LlavaBenchScores Failed { get; } = new(-1, -1);

    /// <summary>
    /// The published reading: the first line, commas to blanks, split at single blanks, exactly two numbers; else -1 for both. <c>8, 9</c>
    /// and <c>8/10 9/10</c> fail.
    /// </summary>
    internal static LlavaBenchScores ReadOfficial(string review)
    {
        string[] pieces = review.Split('\n')[0].Replace(',', ' ').Split(' ');
        return pieces.Length == 2 && ScriptText.TryNumber(pieces[0], out double first) && ScriptText.TryNumber(pieces[1], out double second)
            ? new(first, second) : Failed;
    }

    /// <summary>Two numbers from 1 to 10 on the first line, separated by blanks, a comma or both; null for anything else.</summary>
    internal static LlavaBenchScores? Read(string review)
    {
        string[] pieces = review.Split('\n')[0].Split([' ', ',', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
        return pieces.Length == 2 && ScriptText.TryNumber(pieces[0], out double first) && ScriptText.TryNumber(pieces[1], out double second)
            && first is >= 1 and <= 10 && second is >= 1 and <= 10 ? new(first, second) : null;
    }
}
