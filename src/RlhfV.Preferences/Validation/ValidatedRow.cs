namespace RlhfV.Preferences;

/// <summary>A row with its problems; the example is null when it could not be read.</summary>
internal sealed record ValidatedRow(long Row, PreferenceExample? Example, IReadOnlyList<ValidationProblem> Problems);
