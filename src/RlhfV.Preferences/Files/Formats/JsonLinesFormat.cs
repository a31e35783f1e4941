using System.Text.Json;

namespace RlhfV.Preferences;

/// <summary>
/// Our own format: one <see cref="PreferenceExample"/> as a JSON object per line. Pictures are base64 or lie beside the file. Lines of
/// others that list their pictures under <c>images</c> are read as well.
/// </summary>
internal sealed class JsonLinesFormat : IPreferenceFormat
{
    private static ReadOnlySpan<byte> ListKey => "\"images\""u8;

    public string Name => "RLHF-V for .NET JSON lines";

    public string Extension => ".jsonl";

    public bool Recognizes(PreferenceFileHead head) => JsonHead.Read(head) is { } keys
        && keys.GetValueOrDefault("prompt") == JsonTokenType.String && keys.ContainsKey("chosen") && keys.ContainsKey("rejected");

    public IEnumerable<PreferenceExample> Read(PreferenceSource source)
    {
        foreach (TextLine line in LineReader.ReadLines(source))
        {
            if (source.TryRead(line.Number, () => Parse(source, line), out PreferenceExample? example))
                yield return example;
        }
    }

    public int Write(PreferenceTarget target, IEnumerable<PreferenceExample> examples, CancellationToken cancellationToken)
    {
        ImageStorage storage = target.Options.Images ?? ImageStorage.Inline;
        var folder = new ImageWriter(target);
        int count = 0;
        AtomicFile.Write(target.Path, stream =>
        {
            foreach (PreferenceExample example in examples)
            {
                cancellationToken.ThrowIfCancellationRequested();
                target.Check(++count, example, maximumPictures: int.MaxValue);
                PreferenceExample stored = example.WithImages(storage == ImageStorage.Folder
                    ? [.. folder.Store(count, example.Images).Select(PreferenceImage.FromPath)]
                    : Inline(target, count, example.Images));
                JsonSerializer.Serialize(stream, stored, PreferenceJson.Example);
                stream.WriteByte((byte)'\n');
            }
        });
        return count;
    }

    private static PreferenceImage[] Inline(PreferenceTarget target, int row, IReadOnlyList<PreferenceImage> images) =>
        [.. images.Select((image, i) => image with { Bytes = target.LoadImage(row, image, PictureNumber.Prefix(i, images.Count)) })];

    private static PreferenceExample Parse(PreferenceSource source, TextLine line)
    {
        try
        {
            PreferenceExample example = JsonSerializer.Deserialize(line.Utf8.Span, PreferenceJson.Example)
                ?? throw source.Bad(line.Number, null, "is null, expected a JSON object.");
            return line.Utf8.Span.IndexOf(ListKey) < 0 ? example : WithListed(source, line, example);
        }
        catch (JsonException problem)
        {
            throw source.Bad(line.Number, problem.Path is "$" or null ? null : problem.Path, JsonText.Reason(problem), problem);
        }
    }

    /// <summary>Takes the pictures that a line lists under a key which is not ours; unknown keys are passed over, pictures are not.</summary>
    private static PreferenceExample WithListed(PreferenceSource source, TextLine line, PreferenceExample example)
    {
        using JsonDocument document = JsonText.Parse(line.Utf8);
        if (!document.RootElement.TryGetProperty("images", out JsonElement list) || list.ValueKind == JsonValueKind.Null)
            return example;
        return example.Images.Count == 0
            ? example.WithImages(ImageJson.ReadAll(document.RootElement)) with { ImagePlaces = example.ImagePlaces }
            : throw source.Bad(line.Number, "images", "lists pictures beside 'image'. Name all pictures under one of the two.");
    }
}
