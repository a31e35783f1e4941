using System.Globalization;
using System.Text;

namespace RlhfV.Preferences;

/// <summary>What <see cref="PreferenceValidator"/> found in a file.</summary>
public sealed record ValidationReport
{
    /// <summary>The file.</summary>
    public required string File { get; init; }

    /// <summary>Number of rows without any problem.</summary>
    public required int Clean { get; init; }

    /// <summary>Number of rows with at least one problem.</summary>
    public required int Refused { get; init; }

    /// <summary>All problems in the order of the rows.</summary>
    public required IReadOnlyList<ValidationProblem> Problems { get; init; }

    /// <summary>True when nothing is wrong.</summary>
    public bool IsClean => Problems.Count == 0;

    /// <summary>A summary by rule, and the first problems, as Markdown.</summary>
    /// <param name="maximumProblems">How many problems to list.</param>
    public string ToMarkdown(int maximumProblems = 50)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Clean} clean and {Refused} refused rows in `{File}`.\n");
        if (IsClean)
            return text.ToString();
        text.Append("\n| rule | problems |\n| --- | ---: |\n");
        var byRule = Problems.GroupBy(problem => problem.Rule).OrderByDescending(group => group.Count()).ThenBy(group => group.Key);
        foreach (var group in byRule)
            text.Append(CultureInfo.InvariantCulture, $"| {group.Key} | {group.Count()} |\n");
        text.Append("\n| row | column | rule | reason |\n| ---: | --- | --- | --- |\n");
        foreach (ValidationProblem problem in Problems.Take(maximumProblems))
        {
            string reason = MarkdownText.Escape(problem.Reason);
            text.Append(CultureInfo.InvariantCulture, $"| {problem.Row} | {problem.Column} | {problem.Rule} | {reason} |\n");
        }

        if (Problems.Count > maximumProblems)
            text.Append(CultureInfo.InvariantCulture, $"\n{Problems.Count - maximumProblems} more.\n");
        return text.ToString();
    }
}
