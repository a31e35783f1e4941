namespace RlhfV.Evaluation;

/// <summary>What a <see cref="HallucinationReport"/> shows beside the two models' figures.</summary>
public sealed record HallucinationReportOptions
{
    private readonly int _examples = 20;

    /// <summary>The report's heading.</summary>
    /// <value>The default is <c>Hallucination report</c>.</value>
    public string Title { get; init; } = "Hallucination report";

    /// <summary>When the figures were made, shown under the heading; null shows no date, so that equal data give equal files.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>Curves of the training run, each drawn as its own chart.</summary>
    public IReadOnlyList<ReportSeries> Training { get; init; } = [];

    /// <summary>
    /// Figures of benchmarks, shown in a table of their own. Say in their names which mode and which judge they come from.
    /// </summary>
    public IReadOnlyList<ReportFigure> Benchmarks { get; init; } = [];

    /// <summary>
    /// What the figures leave out: the <c>Diagnostics</c> of the benchmarks' results and of the files read. Counted by kind in all three forms.
    /// </summary>
    public IReadOnlyList<EvaluationDiagnostic> Diagnostics { get; init; } = [];

    /// <summary>Paragraphs for the reader: data, model, seed, machine. Plain text.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Number of items shown with picture and both answers, 0 or more.</summary>
    /// <value>The default is 20.</value>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public int Examples
    {
        get => _examples;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _examples = value;
        }
    }

    /// <summary>The folder that relative picture paths start from; null for the current directory.</summary>
    public string? ImageRoot { get; init; }
}
