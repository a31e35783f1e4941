using System.Text.Json;

namespace RlhfV.Evaluation;

/// <summary>The files of MMHal-Bench.</summary>
public static class MmHalFile
{
    /// <summary>Reads the published template, empty or filled with answers.</summary>
    /// <param name="path">The template: a JSON array of 96 records.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">A record lacks a field.</exception>
    public static IReadOnlyList<MmHalItem> ReadTemplate(string path)
    {
        List<JsonRecord> records = JsonRecords.Read(path, out List<EvaluationDiagnostic> diagnostics);
        return diagnostics.Count == 0
            ? [.. records.Select(Item)]
            : throw new InvalidDataException($"{path}: {diagnostics[0].Item}: {diagnostics[0].Message}");
    }

    /// <summary>Fills a template with answers, by position; <c>Assistant:</c> is removed from them, as the published script does.</summary>
    /// <param name="items">The questions.</param>
    /// <param name="answerPath">
    /// JSON lines with <c>text</c> or <c>answer</c>; a line that cannot be read is reported and leaves its question without answer.
    /// </param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The number of answers is not the number of questions.</exception>
    public static RecordFile<MmHalItem> Fill(IReadOnlyList<MmHalItem> items, string answerPath)
    {
        ArgumentNullException.ThrowIfNull(items);
        List<JsonRecord> answers = JsonRecords.Read(answerPath, out List<EvaluationDiagnostic> diagnostics, keepPlaces: true);
        if (answers.Count != items.Count)
        {
            throw new InvalidDataException(
                $"{answerPath} has {answers.Count} answers to {items.Count} questions; answers are matched by position, so there must " +
                "be one for each.");
        }

        diagnostics.AddRange(answers.Where(answer => answer.Value.ValueKind == JsonValueKind.Object && TextOf(answer) is null)
            .Select(answer => new EvaluationDiagnostic(
                DiagnosticCode.MalformedRecord, answer.Place, "No answer ('text' or 'answer'); it counts as an empty one.")));
        return new(
            answerPath,
            [.. items.Zip(answers, (item, answer) => item with
            {
                Answer = ScriptText.Trim((TextOf(answer) ?? "").Replace("Assistant:", "", StringComparison.Ordinal)),
            })],
            diagnostics);

        static string? TextOf(JsonRecord answer) => answer.Value.TextOf("text") ?? answer.Value.TextOf("answer");
    }

    /// <summary>Reads stored reviews: an array of raw chat completions, of which the first choice's text counts.</summary>
    /// <param name="path">The reviews, for example <c>NAME.mmhal_test_eval.json</c>.</param>
    /// <returns>One review for every record; one without text, as where a judge refused, is reported and stays as an empty review.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file holds no record at all that can be read.</exception>
    public static RecordFile<string> ReadReviews(string path)
    {
        List<JsonRecord> records = JsonRecords.Read(path, out List<EvaluationDiagnostic> diagnostics, keepPlaces: true);
        diagnostics.AddRange(records.Where(record => record.Value.ValueKind == JsonValueKind.Object && Review(record) is null)
            .Select(record => new EvaluationDiagnostic(
                DiagnosticCode.MalformedRecord, record.Place,
                "No text in choices[0].message.content: a refusal, or no chat completion; it counts as an empty review.")));
        return new(path, [.. records.Select(record => Review(record) ?? "")], diagnostics);
    }

    /// <summary>Writes the template with answers and, when they are given, reviews under <c>gpt4_review</c>.</summary>
    /// <param name="items">The answered questions.</param>
    /// <param name="reviews">One review per question, or null.</param>
    /// <param name="path">Where to; replaced as a whole.</param>
    /// <exception cref="ArgumentException">The numbers of reviews and questions differ.</exception>
    public static void WriteMerged(IReadOnlyList<MmHalItem> items, IReadOnlyList<string>? reviews, string path)
    {
        ArgumentNullException.ThrowIfNull(items);
        if (reviews is not null && reviews.Count != items.Count)
        {
            throw new ArgumentException(
                $"There are {reviews.Count} reviews of {items.Count} answers; they are matched by position.", nameof(reviews));
        }

        TextFile.Write(path, writer => writer.Write(ScriptJson.Lines('[', items.Select((item, i) => Record(item, reviews?[i])), ']', 4)));
    }

    private static string Record(MmHalItem item, string? review)
    {
        List<string> fields =
        [
            Field("question_type", item.Type),
            Field("question_topic", item.Topic),
            Field("image_id", item.ImageId),
            Field("image_src", item.ImageSource),
            $"\"image_content\": {ScriptJson.Lines('[', item.Objects.Select(ScriptJson.Quote), ']', 12)}",
            Field("question", item.Question),
            Field("gt_answer", item.Reference),
            Field("model_answer", item.Answer),
        ];
        if (review is not null)
        {
            fields.Add(Field("gpt4_review", review));
        }

        return ScriptJson.Lines('{', fields, '}', 8);

        static string Field(string key, string value) => $"\"{key}\": {ScriptJson.Quote(value)}";
    }

    private static MmHalItem Item(JsonRecord record)
    {
        return new()
        {
            ImageId = record.Value.TextOf("image_id") ?? record.Value.IdOf("image_id") ?? "", // Hexadecimal: leading zeros belong to it.
            ImageSource = record.Value.TextOf("image_src") ?? "",
            Objects = record.Value.TryGetProperty("image_content", out JsonElement objects) && objects.ValueKind == JsonValueKind.Array
                && objects.EnumerateArray().All(name => name.ValueKind == JsonValueKind.String)
                ? [.. objects.EnumerateArray().Select(name => JsonText.Of(name))]
                : throw Missing("image_content"),
            Question = record.Value.TextOf("question") ?? throw Missing("question"),
            Reference = record.Value.TextOf("gt_answer") ?? throw Missing("gt_answer"),
            Type = record.Value.TextOf("question_type") ?? throw Missing("question_type"),
            Topic = record.Value.TextOf("question_topic") ?? "",
            Answer = record.Value.TextOf("model_answer") ?? "",
        };

        InvalidDataException Missing(string key) => new($"{record.Place}: a question of MMHal-Bench has no '{key}'.");
    }

    private static string? Review(JsonRecord record) =>
        record.Value.ValueKind == JsonValueKind.Object
        && record.Value.TryGetProperty("choices", out JsonElement choices) && choices.ValueKind == JsonValueKind.Array
        && choices.GetArrayLength() > 0 && choices[0].ValueKind == JsonValueKind.Object
        && choices[0].TryGetProperty("message", out JsonElement message) ? message.TextOf("content") : null;
}
