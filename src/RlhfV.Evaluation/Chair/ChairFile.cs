using System.Text.Json;

namespace RlhfV.Evaluation;

/// <summary>Reads caption files in the layouts of the published CHAIR scripts.</summary>
public static class ChairFile
{
    /// <summary>
    /// Reads <c>{"imgToEval": {id: {"image_id", "caption"}}}</c>, a JSON array, or JSON lines.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="imageKey">Key of the image id in a record.</param>
    /// <param name="captionKey">Key of the caption in a record.</param>
    /// <returns>The captions, as answers to an empty question.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is none of the layouts.</exception>
    public static AnswerFile Read(string path, string imageKey = "image_id", string captionKey = "caption")
    {
        List<JsonRecord> records = JsonRecords.Read(path, out List<EvaluationDiagnostic> diagnostics);
        if (records is [{ Value: var root }] && root.TryGetProperty("imgToEval", out JsonElement images)
            && images.ValueKind == JsonValueKind.Object)
        {
            string name = Path.GetFileName(path);
            records = [.. images.EnumerateObject().Select(image => new JsonRecord(image.Value, $"{name}: imgToEval.{image.Name}"))];
        }

        var captions = new List<ModelAnswer>(records.Count);
        foreach (JsonRecord record in records)
        {
            string? image = record.Value.IdOf(imageKey);
            string? caption = record.Value.TextOf(captionKey);
            if (image is null)
            {
                diagnostics.Add(new(DiagnosticCode.AnswerWithoutId, record.Place, $"No '{imageKey}'; the caption was left out."));
            }
            else if (caption is null)
            {
                diagnostics.Add(new(DiagnosticCode.MalformedRecord, record.Place, $"No '{captionKey}'; the record was left out."));
            }
            else
            {
                captions.Add(new() { ImageId = image, Question = "", Text = caption });
            }
        }

        return new(path, captions, diagnostics);
    }
}
