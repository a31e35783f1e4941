using System.Globalization;
using System.Text.Json;
using Microsoft.ML;
using RlhfV.Evaluation;
using RlhfV.ML.PreferenceData;
using RlhfV.Preferences;

namespace RlhfV.ML.Evaluating;

/// <summary>Reads rows as assessed answers.</summary>
internal static class HallucinationReader
{
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    /// <exception cref="RowDataException">A row's segments are no JSON, or do not lie in its answer.</exception>
    public static IReadOnlyList<ResponseAssessment> Read(IDataView data, HallucinationColumnNames names)
    {
        var rows = new EvaluationRows(data);
        var response = rows.Text(names.ResponseColumnName, nameof(names.ResponseColumnName));
        var segments = rows.Text(names.SegmentsColumnName, nameof(names.SegmentsColumnName));
        var prompt = rows.OptionalText(names.PromptColumnName, PreferenceColumn.Prompt, nameof(names.PromptColumnName));
        var id = rows.OptionalText(names.IdColumnName, PreferenceColumn.Id, nameof(names.IdColumnName));
        var chosen = names.ChosenColumnName is not null || names.ResponseColumnName == PreferenceColumn.Rejected
            ? rows.OptionalText(names.ChosenColumnName, PreferenceColumn.Chosen, nameof(names.ChosenColumnName))
            : null;
        var mentions = rows.Count(names.MentionsColumnName, nameof(names.MentionsColumnName));
        var present = rows.Count(names.ObjectsPresentColumnName, nameof(names.ObjectsPresentColumnName));
        var found = rows.Count(names.ObjectsFoundColumnName, nameof(names.ObjectsFoundColumnName));
        return rows.Read<ResponseAssessment>(row =>
        {
            (Func<string> getResponse, Func<string> getSegments) = (response(row), segments(row));
            (Func<string>? getPrompt, Func<string>? getId) = (prompt?.Invoke(row), id?.Invoke(row));
            Func<string>? getChosen = chosen?.Invoke(row);
            (Func<int>? getMentions, Func<int>? getPresent, Func<int>? getFound) = (mentions?.Invoke(row), present?.Invoke(row), found?.Invoke(row));
            return () =>
            {
                long number = row.Position + 1;
                string text = getResponse();
                string marked = getSegments();
                return new ResponseAssessment
                {
                    Id = getId?.Invoke() is { Length: > 0 } known ? known : number.ToString(CultureInfo.InvariantCulture),
                    Prompt = getPrompt?.Invoke() ?? "",
                    Response = text,
                    Segments = marked.Length == 0 && getChosen is not null
                        ? MHumanEval.FromCorrections([new() { Prompt = "", Chosen = getChosen(), Rejected = text }])[0].Segments
                        : Segments(marked, text, names.SegmentsColumnName, number),
                    Mentions = getMentions?.Invoke(),
                    ObjectsPresent = getPresent?.Invoke(),
                    ObjectsFound = getFound?.Invoke(),
                };
            };
        });
    }

    private static HallucinatedSegment[] Segments(string json, string response, string column, long row)
    {
        if (json.Length == 0)
            return [];
        IReadOnlyList<CorrectedSegment> segments;
        try
        {
            segments = PreferenceText.Read<CorrectedSegment>(json);
        }
        catch (JsonException problem)
        {
            throw new RowDataException(row, column, $"is no JSON as {nameof(PreferenceJson)} writes it: {problem.Message}", problem);
        }

        if (segments.FirstOrDefault(s => s.Rejected.Start < 0 || s.Rejected.Length < 0 || s.Rejected.End > response.Length) is { } outside)
        {
            throw new RowDataException(
                row, column,
                $"a segment covers {outside.Rejected.Start}..{outside.Rejected.End}, but the answer has {response.Length} characters. "
                + "Positions count UTF-16 code units.");
        }

        return [.. segments.Where(s => !s.Rejected.IsEmpty).Select(s => new HallucinatedSegment(s.Rejected, s.Type))];
    }
}
