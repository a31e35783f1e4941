namespace RlhfV.Evaluation;

/// <summary>
/// The page: heading, summary, cards, table, charts, training, examples, method. No script, no outside resource; a content security policy
/// says so to the browser, as a second wall behind the escaping.
/// </summary>
internal sealed class HtmlReport(HallucinationReport report, TextWriter writer)
{
    private static readonly Lazy<string> Style = new(() => EmbeddedData.ReadText("report.css").TrimEnd());

    public void Write()
    {
        writer.Write($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
            <meta name="color-scheme" content="light dark">
            <title>{E(report.Options.Title)}</title>
            <style>
            {Style.Value}
            </style>
            </head>
            <body>
            <main>
            <header>
            <h1>{E(report.Options.Title)}</h1>
            <p class="sub"><span class="key base">{E(report.Base.Name)}</span> against
            <span class="key aligned">{E(report.Aligned.Name)}</span>
            on {ReportFormat.Count(report.Comparison.Items)} responses{Created()}</p>
            <p class="lead">{E(ReportSummary.Text(report))}</p>
            </header>

            """);
        WriteCards();
        WriteTable();
        WriteCharts();
        WriteTraining();
        new HtmlExamples(report, writer).Write();
        new HtmlDiagnostics(report, writer).Write();
        WriteMethod();
        writer.Write("</main>\n</body>\n</html>\n");
    }

    private void WriteCards()
    {
        writer.Write("<section class=\"cards\" aria-label=\"Main figures\">\n");
        HallucinationMetrics before = report.Base.Metrics, after = report.Aligned.Metrics;
        PairedComparison paired = report.Comparison;
        Card("Hallucinated responses", before.ResponseRate, after.ResponseRate, ReportFormat.Percent,
            Relative(paired.ResponseRateReduction), Judge(paired.ResponseRateReduction));
        Card("Hallucinated mentions", before.MentionRate, after.MentionRate, ReportFormat.Percent,
            Relative(paired.MentionRateReduction), Judge(paired.MentionRateReduction));
        Card("Object recall", before.Recall, after.Recall, ReportFormat.Percent,
            (ReportFormat.Points(paired.RecallChange.Value), ReportFormat.Interval(paired.RecallChange.Interval, ReportFormat.Points)),
            Judge(paired.RecallChange));
        Card("Words per response", before.Words, after.Words, ReportFormat.Mean, Signed(paired.WordsPerResponseChange), "");
        writer.Write("</section>\n");

        static (string Value, string Interval) Relative(Estimate reduction) =>
            Signed(new(-reduction.Value, new(-reduction.Interval.Upper, -reduction.Interval.Lower)));
        static (string Value, string Interval) Signed(Estimate change) => (
            ReportFormat.SignedPercent(change.Value), ReportFormat.Interval(change.Interval, ReportFormat.SignedPercent));

        // Coloured only where the interval leaves zero out: a difference that chance explains is neither good nor bad.
        static string Judge(Estimate gain) => gain.Interval.Lower > 0 ? " good" : gain.Interval.Upper < 0 ? " bad" : "";
    }

    private void Card(
        string name, RatioEstimate before, RatioEstimate after, Func<double, string> format, (string Value, string Interval) change,
        string judgement)
    {
        string from = format(before.Value), to = format(after.Value);
        writer.Write($"""
            <div class="card">
            <h2>{E(name)}</h2>
            <p class="big">{E(to)} <span class="delta{judgement}">{E(change.Value)}</span></p>
            <p class="from">from {E(from)}</p>
            <p class="from">{(change.Interval.Length == 0 ? "" : E($"change {change.Interval}"))}</p>
            </div>

            """);
    }

    private void WriteTable()
    {
        string confidence = ReportFormat.Confidence(report.Base.Metrics.Bootstrap);
        writer.Write($"""
            <section>
            <h2 id="figures">Figures</h2>
            <div class="scroll" role="region" aria-labelledby="figures" tabindex="0">
            <table>
            <caption>Each figure with its {E(confidence)} interval</caption>
            <thead><tr><th scope="col">Figure</th>
            <th scope="col"><span class="key base">{E(report.Base.Name)}</span></th>
            <th scope="col"><span class="key aligned">{E(report.Aligned.Name)}</span></th>
            <th scope="col">Change</th></tr></thead>

            """);
        foreach ((string heading, IReadOnlyList<ReportRow> rows) in ReportTable.Groups(report))
        {
            writer.Write($"<tbody>\n<tr><th scope=\"rowgroup\" colspan=\"4\" class=\"group\"><span>{E(heading)}</span></th></tr>\n");
            foreach (ReportRow row in rows)
            {
                writer.Write(
                    $"<tr><th scope=\"row\" title=\"{E(row.Meaning)}\">{E(row.Figure)}</th>{Cell(row.Base)}{Cell(row.Aligned)}" +
                    $"<td><b>{E(row.Change)}</b><small>{E(row.ChangeInterval)}</small></td></tr>\n");
            }

            writer.Write("</tbody>\n");
        }

        writer.Write("</table>\n</div>\n</section>\n");

        static string Cell(ReportCell cell) =>
            $"<td title=\"{E(cell.Counts)}\"><b>{E(cell.Value)}</b><small>{E(cell.Interval)}</small></td>";
    }

    private void WriteCharts()
    {
        writer.Write($"""
            <section>
            <h2>Where it hallucinates</h2>
            <p class="legend"><span class="key base">{E(report.Base.Name)}</span>
            <span class="key aligned">{E(report.Aligned.Name)}</span></p>
            <div class="charts">
            <figure><figcaption>Responses with a hallucination, by type</figcaption>{TypeChart.Svg(report)}</figure>
            <figure><figcaption>Responses by number of hallucinated segments</figcaption>{SegmentCountChart.Svg(report)}
            <p>Left bars: {E(report.Base.Name)}; right bars: {E(report.Aligned.Name)}.</p></figure>
            <figure class="wide"><figcaption>Segments held by the worst responses</figcaption>{SpreadChart.Svg(report)}
            <p>Solid: {E(report.Base.Name)}; dashed: {E(report.Aligned.Name)}. A curve that bends far to the left says that few responses hold most of the hallucinations: look at those first. On the
            diagonal every hallucinated response holds the same number.</p></figure>
            </div>
            </section>

            """);
    }

    private void WriteTraining()
    {
        if (report.Options.Training.Count == 0)
        {
            return;
        }

        writer.Write("<section>\n<h2>Training</h2>\n<div class=\"charts small\">\n");
        foreach ((int i, ReportSeries series) in report.Options.Training.Index())
        {
            writer.Write($"<figure><figcaption>{E(series.Name)}</figcaption>{TrainingChart.Svg(series, $"training{i}")}</figure>\n");
        }

        writer.Write("</div>\n</section>\n");
    }

    private void WriteMethod()
    {
        writer.Write($"<section class=\"method\">\n<h2>How these figures were made</h2>\n<p>{E(ReportMethod.Intervals(report))}</p>\n");
        foreach (string note in report.Options.Notes)
        {
            writer.Write($"<p>{E(note)}</p>\n");
        }

        writer.Write("</section>\n");
    }

    private string Created() => report.Options.Created is { } time ? $", {E(ReportFormat.Date(time))}" : "";

    private static string E(string text) => HtmlText.Escape(text);
}
