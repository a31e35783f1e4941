namespace RlhfV.Evaluation;

/// <summary>Verdicts counted.</summary>
/// <param name="Wins">Comparisons the evaluated model won.</param>
/// <param name="Losses">Comparisons it lost.</param>
/// <param name="Ties">Comparisons without a winner.</param>
public readonly record struct RefoMbCounts(int Wins, int Losses, int Ties)
{
    /// <summary>(Wins + ties / 2) / all, 0 to 1; NaN without comparisons.</summary>
    public double Score => (Wins + Ties / 2.0) / (Wins + Losses + Ties);

    /// <summary>As the published script prints it: wins/losses/ties.</summary>
    public override string ToString() => $"{Wins}/{Losses}/{Ties}";
}
