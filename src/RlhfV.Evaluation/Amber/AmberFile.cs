using System.Globalization;

namespace RlhfV.Evaluation;

/// <summary>Reads AMBER's answer files: a JSON array of <c>{"id", "response"}</c>.</summary>
public static class AmberFile
{
    /// <summary>Reads answers; records without a number or a response are left out and reported.</summary>
    /// <param name="path">The answers.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file holds no record at all that can be read.</exception>
    public static RecordFile<AmberAnswer> ReadAnswers(string path)
    {
        List<JsonRecord> records = JsonRecords.Read(path, out List<EvaluationDiagnostic> diagnostics);
        var answers = new List<AmberAnswer>(records.Count);
        foreach (JsonRecord record in records)
        {
            if (!int.TryParse(record.Value.IdOf("id"), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int id))
            {
                diagnostics.Add(new(DiagnosticCode.AnswerWithoutId, record.Place, "No whole number 'id'; the answer was left out."));
            }
            else if (record.Value.TextOf("response") is not { } response)
            {
                diagnostics.Add(new(
                    DiagnosticCode.MalformedRecord, record.Place, $"The answer to item {id} has no text 'response'; it was left out."));
            }
            else
            {
                answers.Add(new(id, response));
            }
        }

        return new(path, answers, diagnostics);
    }
}
