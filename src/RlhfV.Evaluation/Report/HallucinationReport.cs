namespace RlhfV.Evaluation;

/// <summary>
/// Before and after: a model and its aligned version on the same items, as one self-contained HTML page, as JSON and as Markdown of the
/// same numbers. The page loads nothing and runs nothing: whatever a model said is shown as text.
/// </summary>
public sealed class HallucinationReport
{
    /// <summary>Name of the HTML file that <see cref="Save"/> writes.</summary>
    public const string HtmlFileName = "report.html";

    /// <summary>Name of the JSON file that <see cref="Save"/> writes.</summary>
    public const string JsonFileName = "report.json";

    /// <summary>Name of the Markdown file that <see cref="Save"/> writes.</summary>
    public const string MarkdownFileName = "report.md";

    /// <summary>Compares two models and lays out the report.</summary>
    /// <param name="base">The model before alignment.</param>
    /// <param name="aligned">The model after alignment, on the same item ids.</param>
    /// <param name="options">What else to show; null for the defaults.</param>
    /// <exception cref="ArgumentException">An id occurs twice or is missing on one side.</exception>
    public HallucinationReport(EvaluatedModel @base, EvaluatedModel aligned, HallucinationReportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(@base);
        ArgumentNullException.ThrowIfNull(aligned);
        Base = @base;
        Aligned = aligned;
        Options = options ?? new();
        BootstrapOptions bootstrap = @base.Metrics.Bootstrap;
        Comparison = PairedComparison.Of(@base.Responses, aligned.Responses, bootstrap);
        ByScene = @base.Responses.Any(response => response.Scene is not null)
            ? Breakdown.Compare(@base.Responses, aligned.Responses, Breakdown.Scene, bootstrap)
            : new Dictionary<string, PairedComparison>();
    }

    /// <summary>The model before alignment.</summary>
    public EvaluatedModel Base { get; }

    /// <summary>The model after alignment.</summary>
    public EvaluatedModel Aligned { get; }

    /// <summary>The two models item by item; intervals are drawn as for the metrics of <see cref="Base"/>.</summary>
    public PairedComparison Comparison { get; }

    /// <summary>The comparison in each scene; empty when no answer names its scene.</summary>
    public IReadOnlyDictionary<string, PairedComparison> ByScene { get; }

    /// <summary>What else the report shows.</summary>
    public HallucinationReportOptions Options { get; }

    /// <summary>
    /// Writes <see cref="HtmlFileName"/>, <see cref="JsonFileName"/> and <see cref="MarkdownFileName"/>, each under a temporary name first,
    /// so that a reader never meets half a file.
    /// </summary>
    /// <param name="folder">Where to write; made when missing.</param>
    /// <param name="cancellationToken">Stops between two files.</param>
    public void Save(string folder, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        Save(JsonFileName, writer => writer.Write(ToJson()));
        Save(MarkdownFileName, writer => writer.Write(ToMarkdown()));
        Save(HtmlFileName, WriteHtml);

        void Save(string name, Action<TextWriter> write)
        {
            cancellationToken.ThrowIfCancellationRequested();
            TextFile.Write(Path.Combine(folder, name), write);
        }
    }

    /// <summary>Writes the HTML page.</summary>
    /// <param name="writer">Receives the page; should encode as UTF-8, as the page says it does.</param>
    public void WriteHtml(TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        new HtmlReport(this, writer).Write();
    }

    /// <summary>The figures as indented JSON; a figure that was not measured is null.</summary>
    public string ToJson() => JsonReport.Write(this);

    /// <summary>The figures as a Markdown document.</summary>
    public string ToMarkdown() => MarkdownReport.Write(this);
}
