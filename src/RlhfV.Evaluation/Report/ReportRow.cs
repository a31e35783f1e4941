namespace RlhfV.Evaluation;

/// <summary>One figure in the table of a report: the texts of its cells, without markup.</summary>
internal sealed record ReportRow
{
    public required string Figure { get; init; }

    /// <summary>What the figure means, in one sentence.</summary>
    public required string Meaning { get; init; }

    public required ReportCell Base { get; init; }

    public required ReportCell Aligned { get; init; }

    public required string Change { get; init; }

    /// <summary>Interval of <see cref="Change"/>, empty when none is computed.</summary>
    public string ChangeInterval { get; init; } = "";
}
