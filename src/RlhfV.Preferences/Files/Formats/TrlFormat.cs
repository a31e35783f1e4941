using System.Text.Json;

namespace RlhfV.Preferences;

/// <summary>
/// TRL's conversational vision preferences: <c>images</c>, <c>prompt</c>, <c>chosen</c> and <c>rejected</c> as lists of messages whose
/// content is a list of parts. Written as JSON lines with the pictures beside the file; parquet files of the layout are read.
/// </summary>
internal sealed class TrlFormat : IPreferenceFormat
{
    public string Name => "TRL conversational preferences";

    public string Extension => ".jsonl";

    public bool Recognizes(PreferenceFileHead head) => head.IsParquet
        ? head.Columns.Contains("chosen") && head.Columns.Contains("rejected") && head.Columns.Contains("prompt")
        : JsonHead.Read(head) is { } keys && keys.GetValueOrDefault("chosen") == JsonTokenType.StartArray && keys.ContainsKey("rejected");

    public IEnumerable<PreferenceExample> Read(PreferenceSource source) =>
        PreferenceFileHead.Read(source.Path).IsParquet ? TrlParquetReader.Read(source) : ReadJson(source);

    public int Write(PreferenceTarget target, IEnumerable<PreferenceExample> examples, CancellationToken cancellationToken)
    {
        target.RequireStorage(ImageStorage.Folder, Name);
        var pictures = new ImageWriter(target);
        int count = 0;
        AtomicFile.Write(target.Path, stream =>
        {
            using var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = PreferenceJson.Options.Encoder });
            foreach (PreferenceExample example in examples)
            {
                cancellationToken.ThrowIfCancellationRequested();
                target.Check(++count, example, maximumPictures: int.MaxValue);
                WriteExample(writer, target, count, example, pictures);
                writer.Flush();
                writer.Reset();
                stream.WriteByte((byte)'\n');
            }
        });
        return count;
    }

    private static void WriteExample(
        Utf8JsonWriter writer, PreferenceTarget target, int row, PreferenceExample example, ImageWriter pictures)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("images");
        foreach (string path in pictures.Store(row, example.Images))
            writer.WriteStringValue(path);
        writer.WriteEndArray();

        writer.WriteStartArray("prompt");
        foreach (PicturedTurn turn in PicturedTurn.Of(example))
            WriteMessage(writer, turn);
        writer.WriteEndArray();
        writer.WriteStartArray("chosen");
        WriteMessage(writer, new(PreferenceRole.Assistant, example.Chosen, []));
        writer.WriteEndArray();
        writer.WriteStartArray("rejected");
        WriteMessage(writer, new(PreferenceRole.Assistant, example.Rejected, []));
        writer.WriteEndArray();
        if (target.Options.KeepDetails && DetailsJson.WriteColumn(example) is { } details)
            writer.WriteString(DetailsJson.Column, details);
        writer.WriteEndObject();
    }

    private static void WriteMessage(Utf8JsonWriter writer, PicturedTurn turn)
    {
        writer.WriteStartObject();
        writer.WriteString("role", turn.Role switch
        {
            PreferenceRole.User => "user",
            PreferenceRole.Assistant => "assistant",
            PreferenceRole.System => "system",
            _ => throw new ArgumentOutOfRangeException(nameof(turn), turn.Role, "There is no such role."),
        });
        writer.WriteStartArray("content");
        foreach (string? part in turn.Parts())
        {
            writer.WriteStartObject();
            writer.WriteString("type", part is null ? "image" : "text");
            if (part is not null)
                writer.WriteString("text", part);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static IEnumerable<PreferenceExample> ReadJson(PreferenceSource source)
    {
        foreach (TextLine record in JsonRecordReader.Read(source))
        {
            if (source.TryRead(record.Number, () => Parse(source, record), out PreferenceExample? example))
                yield return example;
        }
    }

    private static PreferenceExample Parse(PreferenceSource source, TextLine record)
    {
        string? column = null;
        try
        {
            using JsonDocument document = JsonText.Parse(record.Utf8);
            JsonElement row = document.RootElement;
            column = "images";
            IReadOnlyList<PreferenceImage> images = ImageJson.ReadAll(row);
            column = "prompt";
            IReadOnlyList<TrlMessage>? prompt = row.TryGetProperty(column, out _) ? ReadMessages(row, column) : null;
            column = "chosen";
            IReadOnlyList<TrlMessage> chosen = ReadMessages(row, column);
            column = "rejected";
            IReadOnlyList<TrlMessage> rejected = ReadMessages(row, column);
            column = DetailsJson.Column;
            string? details = JsonText.OptionalString(row, column);
            column = null;
            return new TrlRow { Images = images, Prompt = prompt, Chosen = chosen, Rejected = rejected, Details = details }.ToExample();
        }
        catch (JsonException problem)
        {
            throw source.Bad(record.Number, column, problem.Message, problem);
        }
    }

    private static List<TrlMessage> ReadMessages(JsonElement row, string key) =>
        [.. JsonText.RequireList(row, key).EnumerateArray().Select(ReadMessage)];

    private static TrlMessage ReadMessage(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw new JsonException($"a message is a {element.ValueKind}, expected an object with 'role' and 'content'.");
        JsonElement content = JsonText.Require(element, "content");
        return new TrlMessage(
            JsonText.RequireString(element, "role"),
            content.ValueKind == JsonValueKind.Array
                ? [.. content.EnumerateArray().Select(ReadPart)]
                : [JsonText.AsString(content, "'content'")]);
    }

    private static string? ReadPart(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw new JsonException($"a part of a message is a {element.ValueKind}, expected an object with 'type'.");
        return JsonText.RequireString(element, "type") switch
        {
            "image" => null,
            "text" => JsonText.RequireString(element, "text"),
            string other => throw new JsonException($"a part of a message is of type '{other}', expected text or image."),
        };
    }
}
