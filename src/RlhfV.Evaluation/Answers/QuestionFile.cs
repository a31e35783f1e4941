using System.Text.Json;

namespace RlhfV.Evaluation;

/// <summary>
/// Reads the question files of the benchmarks, so that a model can be asked: those of Object HalBench, POPE, AMBER, LLaVA-Bench and VQAv2 hold the
/// same three things under different names.
/// </summary>
public static class QuestionFile
{
    private static readonly string[] IdKeys = ["question_id", "id"], ImageKeys = ["image_id", "image"],
        TextKeys = ["question", "text", "query", "prompt"];

    /// <summary>
    /// Reads JSON lines, a JSON array, or VQA's <c>{"questions": [..]}</c>. A question's id is <c>question_id</c>, else <c>id</c>; its picture
    /// <c>image_id</c>, else <c>image</c>; its text <c>question</c>, else <c>text</c>, <c>query</c> or <c>prompt</c>.
    /// </summary>
    /// <param name="path">For example <c>v2_OpenEnded_mscoco_val2014_questions.json</c>, <c>coco_pope_random.json</c> or <c>query_all.json</c>.</param>
    /// <returns>The questions, in the file's order.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">A record cannot be read, lacks something, or has the id of another: what is asked must be whole.</exception>
    public static IReadOnlyList<ModelQuestion> Read(string path)
    {
        List<JsonRecord> records = JsonRecords.Read(path, out List<EvaluationDiagnostic> diagnostics);
        if (diagnostics.Count > 0)
        {
            throw new InvalidDataException($"{path}: {diagnostics[0].Item}: {diagnostics[0].Message}");
        }

        if (records is [{ Value: var root }] && root.TryGetProperty("questions", out JsonElement list))
        {
            records = list.ValueKind == JsonValueKind.Array
                ? [.. list.EnumerateArray().Select((question, i) => new JsonRecord(question, $"questions[{i}]"))]
                : throw new InvalidDataException($"{path}: 'questions' is {list.ValueKind}, expected a list.");
        }

        var ids = new HashSet<string>(StringComparer.Ordinal);
        return [.. records.Select(record => Question(record, path, ids))];
    }

    private static ModelQuestion Question(JsonRecord record, string path, HashSet<string> ids)
    {
        string id = First(IdKeys, key => record.Value.IdOf(key)) ?? throw Missing(IdKeys);
        string image = First(ImageKeys, key => record.Value.IdOf(key)) ?? throw Missing(ImageKeys);
        string text = First(TextKeys, key => record.Value.TextOf(key)) ?? throw Missing(TextKeys);
        return ids.Add(id)
            ? new(id, image, text)
            : throw new InvalidDataException($"{path}: {record.Place}: the id '{id}' stands for another question above; read one split at a time.");

        InvalidDataException Missing(string[] keys) => new(
            $"{path}: {record.Place}: expected a question with {string.Join(" or ", keys.Select(key => $"'{key}'"))}, found " +
            $"{JsonText.Quote(record.Value)}.");
    }

    private static string? First(string[] keys, Func<string, string?> read) => keys.Select(read).FirstOrDefault(value => value is not null);
}
