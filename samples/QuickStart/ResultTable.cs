using RlhfV.Evaluation;
using RlhfV.Preferences;
using Spectre.Console;

namespace QuickStart;

/// <summary>The figures on the console.</summary>
internal static class ResultTable
{
    /// <summary>Prints the table and where the report lies.</summary>
    public static void Print(HallucinationReport report)
    {
        HallucinationMetrics before = report.Base.Metrics;
        HallucinationMetrics after = report.Aligned.Metrics;
        var table = new Table().Border(TableBorder.Rounded).AddColumn("");
        table.AddColumns(new TableColumn("base").RightAligned(), new TableColumn("aligned").RightAligned(), new TableColumn("change").RightAligned());
        AddRate("responses that hallucinate", before.ResponseRate.Value, after.ResponseRate.Value);
        AddRate("mentions that are hallucinated", before.MentionRate.Value, after.MentionRate.Value);
        foreach (HallucinationType type in HallucinationType.All.Where(t => before[t].ResponseRate.Value + after[t].ResponseRate.Value > 0))
        {
            AddRate($"  responses with a wrong {type}", before[type].ResponseRate.Value, after[type].ResponseRate.Value);
        }

        table.AddEmptyRow();
        table.AddRow(
            "objects named (recall)", $"{before.Recall.Value:P1}", $"{after.Recall.Value:P1}", $"{100 * (after.Recall.Value - before.Recall.Value):+0.0;-0.0} points");
        table.AddRow("words per caption", $"{before.Words.Value:F1}", $"{after.Words.Value:F1}", $"{after.Words.Value - before.Words.Value:+0.0;-0.0}");
        AnsiConsole.Write(table);

        void AddRate(string name, double old, double now) =>
            table.AddRow(name, $"{old:P1}", $"{now:P1}", old > 0 ? $"{100 * ((now / old) - 1):+0.0;-0.0} %" : "");
    }
}
