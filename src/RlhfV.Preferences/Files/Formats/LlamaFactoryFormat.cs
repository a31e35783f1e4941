using System.Text.Json;
using System.Text.Json.Nodes;

namespace RlhfV.Preferences;

/// <summary>
/// LLaMA-Factory's ranking data in ShareGPT form: a list of <c>conversations</c> ({from, value}), <c>chosen</c>, <c>rejected</c> and
/// <c>images</c>, with one <c>&lt;image&gt;</c> a picture in human turns and the pictures as files below the folder of the file.
/// </summary>
internal sealed class LlamaFactoryFormat : IPreferenceFormat
{
    private const string DatasetInfo = "dataset_info.json";
    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = PreferenceJson.Options.Encoder };

    public string Name => "LLaMA-Factory ranking JSON";

    public string Extension => ".json";

    public bool Recognizes(PreferenceFileHead head) => JsonHead.Read(head) is { } keys && keys.ContainsKey("conversations");

    public IEnumerable<PreferenceExample> Read(PreferenceSource source)
    {
        foreach (TextLine record in JsonRecordReader.Read(source))
        {
            if (source.TryRead(record.Number, () => Parse(source, record), out PreferenceExample? example))
                yield return example;
        }
    }

    public int Write(PreferenceTarget target, IEnumerable<PreferenceExample> examples, CancellationToken cancellationToken)
    {
        target.RequireStorage(ImageStorage.Folder, Name);
        var pictures = new ImageWriter(target);
        int count = 0;
        AtomicFile.Write(target.Path, stream =>
        {
            using var writer = new Utf8JsonWriter(stream, Indented);
            writer.WriteStartArray();
            foreach (PreferenceExample example in examples)
            {
                cancellationToken.ThrowIfCancellationRequested();
                target.Check(++count, example, maximumPictures: int.MaxValue);
                if (ConversationText.ColumnWithToken(example) is { } column)
                {
                    throw target.Bad(
                        count, column,
                        $"holds {ConversationText.ImageToken} as a text, which this format takes for a picture. Remove it.");
                }

                WriteExample(writer, target, count, example, pictures);
                writer.Flush();
            }

            writer.WriteEndArray();
        });
        WriteDatasetInfo(target);
        return count;
    }

    private static void WriteExample(
        Utf8JsonWriter writer, PreferenceTarget target, int row, PreferenceExample example, ImageWriter pictures)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("conversations");
        foreach (PreferenceTurn turn in ConversationText.Join(example))
            WriteTurn(writer, turn);
        writer.WriteEndArray();
        writer.WritePropertyName("chosen");
        WriteTurn(writer, new(PreferenceRole.Assistant, example.Chosen));
        writer.WritePropertyName("rejected");
        WriteTurn(writer, new(PreferenceRole.Assistant, example.Rejected));
        writer.WriteStartArray("images");
        foreach (string path in pictures.Store(row, example.Images))
            writer.WriteStringValue(path);
        writer.WriteEndArray();
        if (target.Options.KeepDetails && DetailsJson.WriteColumn(example) is { } details)
            writer.WriteString(DetailsJson.Column, details);
        writer.WriteEndObject();
    }

    private static void WriteTurn(Utf8JsonWriter writer, PreferenceTurn turn)
    {
        writer.WriteStartObject();
        writer.WriteString("from", turn.Role switch
        {
            PreferenceRole.User => "human",
            PreferenceRole.Assistant => "gpt",
            PreferenceRole.System => "system",
            _ => throw new ArgumentOutOfRangeException(nameof(turn), turn.Role, "There is no such role."),
        });
        writer.WriteString("value", turn.Text);
        writer.WriteEndObject();
    }

    /// <summary>
    /// LLaMA-Factory finds a data set through this file. One that is there already belongs to somebody and stays as it is.
    /// </summary>
    private static void WriteDatasetInfo(PreferenceTarget target)
    {
        string path = Path.Combine(target.Folder, DatasetInfo);
        if (File.Exists(path))
            return;
        var info = new JsonObject
        {
            [Path.GetFileNameWithoutExtension(target.Path)] = new JsonObject
            {
                ["file_name"] = Path.GetFileName(target.Path),
                ["ranking"] = true,
                ["formatting"] = "sharegpt",
                ["columns"] = new JsonObject
                {
                    ["messages"] = "conversations",
                    ["chosen"] = "chosen",
                    ["rejected"] = "rejected",
                    ["images"] = "images",
                },
            },
        };
        AtomicFile.Write(path, stream =>
        {
            using var writer = new Utf8JsonWriter(stream, Indented);
            info.WriteTo(writer);
        });
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
            column = DetailsJson.Column;
            ExampleDetails? details = DetailsJson.ParseColumn(JsonText.OptionalString(row, column));
            column = "conversations";
            List<PreferenceTurn> turns = [.. JsonText.RequireList(row, column).EnumerateArray().Select(ReadTurn)];
            if (JsonText.OptionalString(row, "system") is { Length: > 0 } system)
                turns.Insert(0, new(PreferenceRole.System, system));
            (IReadOnlyList<PreferenceTurn> history, string prompt, IReadOnlyList<ImagePlace> places) =
                ConversationText.Split(turns, images.Count, exact: details?.ImagePlaces is not null);

            column = "chosen";
            string chosen = ReadAnswer(row, column);
            column = "rejected";
            PreferenceExample example = new PreferenceExample
            {
                ImagePlaces = places,
                History = history,
                Prompt = prompt,
                Chosen = chosen,
                Rejected = ReadAnswer(row, column),
            }.WithImages(images);
            return DetailsJson.Apply(example, details);
        }
        catch (JsonException problem)
        {
            throw source.Bad(record.Number, column, problem.Message, problem);
        }
    }

    private static string ReadAnswer(JsonElement row, string key)
    {
        PreferenceTurn turn = ReadTurn(JsonText.Require(row, key));
        return turn.Role == PreferenceRole.Assistant
            ? turn.Text
            : throw new JsonException($"is said by the {turn.Role}, expected an answer of the model.");
    }

    /// <summary>A turn of {from, value}, or with OpenAI's names {role, content}.</summary>
    private static PreferenceTurn ReadTurn(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw new JsonException($"a turn is a {element.ValueKind}, expected an object with 'from' and 'value'.");
        bool shareGpt = element.TryGetProperty("from", out _);
        string speaker = JsonText.RequireString(element, shareGpt ? "from" : "role");
        PreferenceRole role = speaker switch
        {
            "human" or "user" => PreferenceRole.User,
            "gpt" or "assistant" => PreferenceRole.Assistant,
            "system" => PreferenceRole.System,
            _ => throw new JsonException($"a turn is said by '{speaker}', expected human, gpt or system."),
        };
        return new(role, JsonText.RequireString(element, shareGpt ? "value" : "content"));
    }
}
