using System.Globalization;
using System.Text.Json;

namespace RlhfV.Evaluation;

/// <summary>Reads and writes the files of POPE: JSON lines.</summary>
public static class PopeFile
{
    /// <summary>Reads questions: <c>{"question_id", "image", "text", "label"}</c>, where the label is <c>yes</c> or <c>no</c>.</summary>
    /// <param name="path">For example <c>coco_pope_popular.json</c>.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">A record has no id, text or label, or another label: questions are the truth and must be whole.</exception>
    public static IReadOnlyList<PopeQuestion> ReadQuestions(string path)
    {
        List<JsonRecord> records = JsonRecords.Read(path, out List<EvaluationDiagnostic> diagnostics);
        if (diagnostics.Count > 0)
        {
            throw new InvalidDataException($"{path}: {diagnostics[0].Item}: {diagnostics[0].Message}");
        }

        return [.. records.Select(record => new PopeQuestion(
            record.Value.IdOf("question_id") ?? throw Missing(record, "question_id"), record.Value.IdOf("image") ?? "",
            record.Value.TextOf("text") ?? throw Missing(record, "text"), IsPresent(record)))];

        InvalidDataException Missing(JsonRecord record, string key) => new($"{path}: {record.Place}: the question has no '{key}'.");

        bool IsPresent(JsonRecord record) => record.Value.TextOf("label") switch
        {
            "yes" => true,
            "no" => false,
            null => throw Missing(record, "label"),
            var label => throw new InvalidDataException(
                $"{path}: {record.Place}: the label is '{label}', expected \"yes\" or \"no\"; the published script takes all but \"no\" for a yes."),
        };
    }

    /// <summary>Reads answers: <c>{"question", "answer"}</c> in the order of the questions, or <c>{"question_id", "text"}</c>.</summary>
    /// <param name="path">The answers.</param>
    /// <returns>
    /// One answer for every line; a line that cannot be read is reported and stays as an empty answer, so that those behind it keep their places.
    /// </returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file holds no record at all that can be read.</exception>
    public static RecordFile<PopeAnswer> ReadAnswers(string path)
    {
        List<JsonRecord> records = JsonRecords.Read(path, out List<EvaluationDiagnostic> diagnostics, keepPlaces: true);
        var answers = new List<PopeAnswer>(records.Count);
        foreach (JsonRecord record in records)
        {
            string? text = record.Value.TextOf("text") ?? record.Value.TextOf("answer");
            if (text is null && record.Value.ValueKind == JsonValueKind.Object)
            {
                diagnostics.Add(new(
                    DiagnosticCode.MalformedRecord, record.Place, "No answer ('text' or 'answer'); it counts as an empty one."));
            }

            answers.Add(new(record.Value.IdOf("question_id"), text ?? ""));
        }

        return new(path, answers, diagnostics);
    }

    /// <summary>Writes questions in the published layout.</summary>
    /// <param name="questions">What to write.</param>
    /// <param name="path">Where to; replaced as a whole.</param>
    public static void WriteQuestions(IEnumerable<PopeQuestion> questions, string path)
    {
        ArgumentNullException.ThrowIfNull(questions);
        TextFile.Write(path, writer =>
        {
            foreach (PopeQuestion question in questions)
            {
                using var buffer = new MemoryStream();
                using (var json = new Utf8JsonWriter(buffer))
                {
                    json.WriteStartObject();
                    WriteId(json, question.Id);
                    json.WriteString("image", question.Image);
                    json.WriteString("text", question.Text);
                    json.WriteString("label", question.IsPresent ? "yes" : "no");
                    json.WriteEndObject();
                }

                writer.Write(System.Text.Encoding.UTF8.GetString(buffer.ToArray()));
                writer.Write('\n');
            }
        });
    }

    private static void WriteId(Utf8JsonWriter json, string id)
    {
        if (long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out long number))
        {
            json.WriteNumber("question_id", number);
        }
        else
        {
            json.WriteString("question_id", id);
        }
    }
}
