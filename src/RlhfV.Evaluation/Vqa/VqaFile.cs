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
        List<JsonRecord> records = JsonRecords.Read(path, out _);
        if (records is not [{ Value: var root }] || !root.TryGetProperty("annotations", out JsonElement annotations)
            || annotations.ValueKind != JsonValueKind.Array)
        {
            throw new InvalidDataException($"{path} is no annotation file of VQA: expected one object with an array 'annotations'.");
        }

        return [.. annotations.EnumerateArray().Select((annotation, i) => Question(annotation, $"{path}: annotations[{i}]"))];
    }

    /// <summary>Reads results: <c>[{"question_id", "answer"}]</c>.</summary>
    /// <param name="path">The results.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">A record lacks a field.</exception>
    public static IReadOnlyList<VqaAnswer> ReadResults(string path) =>
    [
        .. JsonRecords.Read(path, out _).Select(record => new VqaAnswer(
            record.Value.IdOf("question_id") ?? throw new InvalidDataException($"{record.Place}: a result has no 'question_id'."),
            record.Value.TextOf("answer") ?? throw new InvalidDataException($"{record.Place}: a result has no 'answer'."))),
    ];

    private static VqaQuestion Question(JsonElement annotation, string place) => new(
        annotation.IdOf("question_id") ?? throw new InvalidDataException($"{place} has no 'question_id'."),
        annotation.TextOf("question_type") ?? "", annotation.TextOf("answer_type") ?? "",
        annotation.TryGetProperty("answers", out JsonElement answers) && answers.ValueKind == JsonValueKind.Array
            ? [.. answers.EnumerateArray().Select(answer => answer.TextOf("answer") ?? "")]
            : throw new InvalidDataException($"{place} has no list 'answers'."));
}
