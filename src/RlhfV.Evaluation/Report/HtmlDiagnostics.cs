namespace RlhfV.Evaluation;

/// <summary>The part of the page that says what the figures leave out: a table of kinds and counts, and the single cases below it.</summary>
internal sealed class HtmlDiagnostics(HallucinationReport report, TextWriter writer)
{
    /// <summary>Cases shown in full; all of them stand in the JSON file.</summary>
    private const int MostCases = 100;

    public void Write()
    {
        IReadOnlyList<EvaluationDiagnostic> diagnostics = report.Options.Diagnostics;
        if (diagnostics.Count == 0)
        {
            return;
        }

        writer.Write("""
            <section>
            <h2 id="left-out">What was left out, or not understood</h2>
            <div class="scroll" role="region" aria-labelledby="left-out" tabindex="0">
            <table>
            <thead><tr><th scope="col">Kind</th><th scope="col">Cases</th><th scope="col">Code</th></tr></thead>
            <tbody>

            """);
        foreach ((string code, int count) in diagnostics.Totals())
        {
            writer.Write($"<tr><th scope=\"row\">{E(DiagnosticNames.Of(code))}</th><td><b>{ReportFormat.Count(count)}</b></td>"
                + $"<td><small>{E(code)}</small></td></tr>\n");
        }

        writer.Write("</tbody>\n</table>\n</div>\n<details>\n<summary>The single cases");
        writer.Write(diagnostics.Count > MostCases ? $", the first {MostCases} of {ReportFormat.Count(diagnostics.Count)}" : "");
        writer.Write("</summary>\n<ul>\n");
        foreach (EvaluationDiagnostic diagnostic in diagnostics.Take(MostCases))
        {
            string item = diagnostic.Item.Length == 0 ? "" : $"<span class=\"id\">{E(diagnostic.Item)}</span> ";
            writer.Write($"<li>{item}<bdi>{E(diagnostic.Message)}</bdi></li>\n");
        }

        writer.Write("</ul>\n</details>\n</section>\n");
    }

    private static string E(string text) => HtmlText.Escape(text);
}
