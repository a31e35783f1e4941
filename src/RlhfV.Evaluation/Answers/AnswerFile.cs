using System.Text.Json;

namespace RlhfV.Evaluation;

/// <summary>
/// The answers of a model that ran elsewhere. Both published key layouts are read: the answer is <c>text</c>, else <c>answer</c>; the
/// question is
/// <c>prompt</c>, else <c>question</c>; <c>image_id</c> (else <c>image</c>) is a number or a string. Pass the file itself to a benchmark,
/// and its diagnostics stand in the benchmark's result.
/// </summary>
public sealed class AnswerFile : RecordFile<ModelAnswer>
{
    internal AnswerFile(string path, IReadOnlyList<ModelAnswer> answers, IReadOnlyList<EvaluationDiagnostic> diagnostics)
        : base(path, answers, diagnostics) => Answers = answers;

    /// <summary>The answers, in the file's order.</summary>
    public IReadOnlyList<ModelAnswer> Answers { get; }

    /// <summary>Reads a file of JSON lines, or of one JSON array.</summary>
    /// <param name="path">The answers.</param>
    /// <param name="questionPath">
    /// The questions, in the same order, for a tool that wrote no image ids; used when the first answer has none. Null when answers name
    /// their images.
    /// </param>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="InvalidDataException">The file holds no record at all that can be read.</exception>
    public static AnswerFile Read(string path, string? questionPath = null)
    {
        List<JsonRecord> records = JsonRecords.Read(path, out List<EvaluationDiagnostic> diagnostics, keepPlaces: true);
        JsonElement first = records.Find(IsThere).Value;
        string?[]? ids = questionPath is not null && ImageIdOf(first) is null ? ImageIds(questionPath, diagnostics) : null;
        var answers = new List<ModelAnswer>(records.Count);
        foreach ((int index, JsonRecord record) in records.Index().Where(entry => IsThere(entry.Item)))
        {
            string? image = ids is null ? ImageIdOf(record.Value) : ids.ElementAtOrDefault(index);
            string? text = record.Value.TextOf("text") ?? record.Value.TextOf("answer");
            string? question = record.Value.TextOf("prompt") ?? record.Value.TextOf("question");
            if (text is null || question is null)
            {
                diagnostics.Add(new(
                    DiagnosticCode.MalformedRecord, record.Place,
                    $"No {(text is null ? "answer ('text' or 'answer')" : "question ('prompt' or 'question')")}; the record was left " +
                    "out."));
            }
            else if (image is null)
            {
                string questions = ids is null ? "" : ", and none in the questions at this place";
                diagnostics.Add(new(
                    DiagnosticCode.AnswerWithoutId, record.Place, $"No 'image_id' or 'image'{questions}; the answer was left out."));
            }
            else
            {
                answers.Add(new()
                {
                    ImageId = image,
                    Question = question,
                    Text = text,
                    QuestionId = record.Value.IdOf("question_id"),
                    Model = record.Value.TextOf("model_id"),
                });
            }
        }

        if (ids is not null && ids.Length > records.Count)
        {
            diagnostics.Add(new(
                DiagnosticCode.MissingAnswer, "",
                $"There are {records.Count} answers to {ids.Length} questions, matched by position; the last {ids.Length - records.Count} have none."));
        }

        return new(path, answers, diagnostics);
    }

    private static string?[] ImageIds(string path, List<EvaluationDiagnostic> diagnostics)
    {
        List<JsonRecord> questions = JsonRecords.Read(path, out List<EvaluationDiagnostic> problems, keepPlaces: true);
        diagnostics.AddRange(problems);
        return [.. questions.Select(question => ImageIdOf(question.Value))];
    }

    private static bool IsThere(JsonRecord record) => record.Value.ValueKind == JsonValueKind.Object;

    private static string? ImageIdOf(JsonElement record) => record.IdOf("image_id") ?? record.IdOf("image");
}
