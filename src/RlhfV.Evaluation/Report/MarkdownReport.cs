using System.Text;

namespace RlhfV.Evaluation;

/// <summary>The figures of a report as Markdown, for pull requests and model cards.</summary>
internal static class MarkdownReport
{
    private const string Special = "\\`*_{}[]<>()#+-!|~&";

    public static string Write(HallucinationReport report)
    {
        var text = new StringBuilder();
        Line($"# {Escape(report.Options.Title)}");
        Line();
        Line(Escape(ReportSummary.Text(report)));
        Line();
        Line($"| | {Escape(report.Base.Name)} | {Escape(report.Aligned.Name)} | change |");
        Line("| --- | --- | --- | --- |");
        foreach ((string heading, IReadOnlyList<ReportRow> rows) in ReportTable.Groups(report))
        {
            Line($"| **{Escape(heading)}** | | | |");
            foreach (ReportRow row in rows)
            {
                Line($"| {Escape(row.Figure)} | {Cell(row.Base)} | {Cell(row.Aligned)} | {Change(row)} |");
            }
        }

        if (report.Options.Diagnostics.Count > 0)
        {
            Line();
            Line("| left out, or not understood | cases |");
            Line("| --- | ---: |");
            foreach ((string code, int count) in report.Options.Diagnostics.Totals())
            {
                Line($"| {Escape(DiagnosticNames.Of(code))} | {ReportFormat.Count(count)} |");
            }
        }

        Line();
        Line(Escape(ReportMethod.Intervals(report)));
        foreach (string note in report.Options.Notes)
        {
            Line();
            Line(Escape(note));
        }

        return text.ToString();

        void Line(string line = "") => text.Append(line).Append('\n');
    }

    private static string Cell(ReportCell cell) =>
        cell.Interval.Length == 0 ? Escape(cell.Value) : $"{Escape(cell.Value)} ({Escape(cell.Interval)})";

    private static string Change(ReportRow row) =>
        row.ChangeInterval.Length == 0 ? Escape(row.Change) : $"{Escape(row.Change)} ({Escape(row.ChangeInterval)})";

    /// <summary>Text as it is, whatever it holds: on one line, nothing of it read as markup.</summary>
    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            if (char.IsControl(c) || c is '\u2028' or '\u2029')
            {
                escaped.Append(' ');
                continue;
            }

            // Signs and dots inside numbers read better bare, and there they start nothing.
            if (Special.Contains(c) && !(c is '-' or '+' or '(' or ')' && escaped.Length > 0))
            {
                escaped.Append('\\');
            }

            escaped.Append(c);
        }

        return escaped.ToString();
    }
}
