namespace RlhfV.Evaluation;

/// <summary>McNemar's test (Psychometrika 12, 1947) in its exact form: are the two kinds of discordant pair equally likely?</summary>
public static class McNemar
{
    /// <summary>The two-sided exact p-value: twice the binomial tail of the rarer kind at one half, at most 1.</summary>
    /// <param name="onlyFirst">Number of pairs in which only the first model fails.</param>
    /// <param name="onlySecond">Number of pairs in which only the second model fails.</param>
    /// <returns>The p-value, 0 to 1; 1 when there is no discordant pair.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A count is negative.</exception>
    public static double ExactP(int onlyFirst, int onlySecond)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(onlyFirst);
        ArgumentOutOfRangeException.ThrowIfNegative(onlySecond);
        int pairs = onlyFirst + onlySecond;
        int rarer = Math.Min(onlyFirst, onlySecond);

        // In logarithms: two to the minus a thousand pairs is already below the smallest double.
        double logTerm = -pairs * Math.Log(2);
        double tail = Math.Exp(logTerm);
        for (int i = 1; i <= rarer; i++)
        {
            logTerm += Math.Log(pairs - i + 1) - Math.Log(i);
            tail += Math.Exp(logTerm);
        }

        return Math.Min(1, 2 * tail);
    }
}
