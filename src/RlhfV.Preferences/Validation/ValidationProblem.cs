namespace RlhfV.Preferences;

/// <summary>One problem of one row.</summary>
/// <param name="File">Path of the file.</param>
/// <param name="Row">Number of the row, the first being 1; in text files the line.</param>
/// <param name="Column">The column or part that is wrong, or null for the whole row.</param>
/// <param name="Rule">The rule that is broken.</param>
/// <param name="Reason">What was found and what was expected.</param>
public sealed record ValidationProblem(string File, long Row, string? Column, ValidationRule Rule, string Reason)
{
    /// <summary>Place, rule and reason in one line.</summary>
    public override string ToString() => $"{File}, row {Row}{(Column is null ? "" : $", column '{Column}'")}: {Rule}: {Reason}";
}
