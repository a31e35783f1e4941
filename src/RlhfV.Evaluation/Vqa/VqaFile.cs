using System.Text.Json;

namespace RlhfV.Evaluation;

/// <summary>The files of VQA.</summary>
public static class VqaFile
{
    /// <summary>
    /// Reads annotations: <c>{"annotations": [{"question_id", "question_type", "answer_type", "answers": [{"answer"}]}]}</c>.
    /// </summary>
    /// <param name="path">For example <c>v2_mscoco_val2014_annotations.json</c>.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file has another layout.</exception>
    public static IReadOnlyList<VqaQuestion> ReadAnnotations(string path)
    {
        List<JsonRecord> records = JsonRecords.Read(path, out List<EvaluationDiagnostic> diagnostics);
        if (diagnostics.Count > 0 || records is not [{ Value: var root }] || !root.TryGetProperty("annotations", out JsonElement annotations)
            || annotations.ValueKind != JsonValueKind.Array)
        {
            throw new InvalidDataException($"{path} is no annotation file of VQA: expected one object with an array 'annotations'.");
        }

        return [.. annotations.EnumerateArray().Select((annotation, i) => Question(annotation, $"{path}: annotations[{i}]"))];
    }

    /// <summary>Reads results: <c>[{"question_id", "answer"}]</c>; records without a field are left out and reported.</summary>
    /// <param name="path">The results.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file holds no record at all that can be read.</exception>
    public static RecordFile<VqaAnswer> ReadResults(string path)
    {
        List<JsonRecord> records = JsonRecords.Read(path, out List<EvaluationDiagnostic> diagnostics);
        var answers = new List<VqaAnswer>(records.Count);
        foreach (JsonRecord record in records)
        {
            if (record.Value.IdOf("question_id") is not { } id)
            {
                diagnostics.Add(new(DiagnosticCode.AnswerWithoutId, record.Place, "No 'question_id'; the result was left out."));
            }
            else if (record.Value.TextOf("answer") is not { } answer)
            {
                diagnostics.Add(new(
                    DiagnosticCode.MalformedRecord, record.Place, $"The result of question {id} has no text 'answer'; it was left out."));
            }
            else
            {
                answers.Add(new(id, answer));
            }
        }

        return new(path, answers, diagnostics);
    }

    private static VqaQuestion Question(JsonElement annotation, string place) => new(
        annotation.IdOf("question_id") ?? throw new InvalidDataException($"{place} has no 'question_id'."),
        annotation.TextOf("question_type") ?? "", annotation.TextOf("answer_type") ?? "",
        annotation.TryGetProperty("answers", out JsonElement answers) && answers.ValueKind == JsonValueKind.Array
            ? [.. answers.EnumerateArray().Select(answer =>
                answer.TextOf("answer") ?? throw new InvalidDataException($"{place} has an answer without a text 'answer'."))]
            : throw new InvalidDataException($"{place} has no list 'answers'."));
}
