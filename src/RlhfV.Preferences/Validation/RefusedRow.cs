namespace RlhfV.Preferences;

/// <summary>A row that was sorted out, as <see cref="PreferenceValidator.Separate"/> writes it: one JSON object a line.</summary>
public sealed record RefusedRow
{
    /// <summary>Number of the row in the file it comes from, the first being 1.</summary>
    public required long Row { get; init; }

    /// <summary>What is wrong, as place, rule and reason.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    /// <summary>The example, or null when the row could not be read.</summary>
    public PreferenceExample? Example { get; init; }
}
