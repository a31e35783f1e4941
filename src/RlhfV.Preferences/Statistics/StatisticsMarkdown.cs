using System.Globalization;
using System.Text;

namespace RlhfV.Preferences;

/// <summary>Writes <see cref="PreferenceStatistics"/> as Markdown.</summary>
internal static class StatisticsMarkdown
{
    /// <summary>Long tails of models or prompts say little: the first rows do.</summary>
    private const int MaximumRows = 20;

    public static string Write(PreferenceStatistics statistics)
    {
        var text = new StringBuilder();
        text.Append("| figure | value | RLHF-V paper |\n| --- | ---: | ---: |\n");
        AddFigure(text, "examples", statistics.Examples.ToString(CultureInfo.InvariantCulture), "");
        AddFigure(text, "with annotated segments", statistics.Annotated.ToString(CultureInfo.InvariantCulture), "");
        AddFigure(text, "pictures", statistics.Pictures.ToString(CultureInfo.InvariantCulture), "");
        AddFigure(text, "corrected segments", statistics.Segments.ToString(CultureInfo.InvariantCulture), "");
        AddFigure(text, "segments per answer, mean", Number(statistics.SegmentsPerExample.Mean), Number(PaperFigures.SegmentsPerExample));
        AddFigure(text, "words per chosen answer, mean", Number(statistics.ChosenWords.Mean), Number(PaperFigures.ChosenWords));
        AddFigure(text, "words per rejected answer, mean", Number(statistics.RejectedWords.Mean), "");
        AddFigure(text, "words chosen minus rejected, mean", Number(statistics.LengthDifference.Mean), "");

        text.Append("\n| type | segments | percent | RLHF-V paper |\n| --- | ---: | ---: | ---: |\n");
        foreach (NamedCount type in statistics.Types)
        {
            string paper = PaperFigures.TypeShare(type.Name) is { } share ? Percent(share) : "";
            string name = MarkdownText.Escape(type.Name);
            text.Append(CultureInfo.InvariantCulture, $"| {name} | {type.Count} | {Percent(type.Share)} | {paper} |\n");
        }

        AddRanking(text, "model", statistics.Models);
        AddRanking(text, "kind of question", statistics.QuestionTypes);
        AddRanking(text, "prompt", statistics.Prompts);
        return text.ToString();
    }

    private static void AddFigure(StringBuilder text, string name, string value, string paper) =>
        text.Append(CultureInfo.InvariantCulture, $"| {name} | {value} | {paper} |\n");

    private static void AddRanking(StringBuilder text, string title, IReadOnlyList<NamedCount> counts)
    {
        if (counts.Count == 0)
            return;
        text.Append(CultureInfo.InvariantCulture, $"\n| {title} | examples | percent |\n| --- | ---: | ---: |\n");
        foreach (NamedCount count in counts.Take(MaximumRows))
            text.Append(CultureInfo.InvariantCulture, $"| {MarkdownText.Escape(count.Name)} | {count.Count} | {Percent(count.Share)} |\n");
        if (counts.Count > MaximumRows)
        {
            NamedCount[] rest = [.. counts.Skip(MaximumRows)];
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {rest.Length} others | {rest.Sum(count => count.Count)} | {Percent(rest.Sum(count => count.Share))} |\n");
        }
    }

    private static string Number(double value) => double.IsNaN(value) ? "none" : value.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Percent(double share) => (share * 100).ToString("0.0", CultureInfo.InvariantCulture);
}
