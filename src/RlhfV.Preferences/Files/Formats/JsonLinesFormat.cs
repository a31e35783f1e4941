using System.Text.Json;

namespace RlhfV.Preferences;

/// <summary>
/// Our own format: one <see cref="PreferenceExample"/> as a JSON object per line. Pictures are base64 or lie beside the file.
/// </summary>
internal sealed class JsonLinesFormat : IPreferenceFormat
{
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
                target.Check(++count, example);
                PreferenceExample stored = example;
                if (example.Image is { } image)
                {
                    stored = example with
                    {
                        Image = storage == ImageStorage.Folder
                            ? PreferenceImage.FromPath(folder.Store(count, image))
                            : image with { Bytes = target.LoadImage(count, image) },
                    };
                }

                JsonSerializer.Serialize(stream, stored, PreferenceJson.Example);
                stream.WriteByte((byte)'\n');
            }
        });
        return count;
    }

    private static PreferenceExample Parse(PreferenceSource source, TextLine line)
    {
        try
        {
            return JsonSerializer.Deserialize(line.Utf8.Span, PreferenceJson.Example)
                ?? throw source.Bad(line.Number, null, "is null, expected a JSON object.");
        }
        catch (JsonException problem)
        {
            throw source.Bad(line.Number, problem.Path is "$" or null ? null : problem.Path, problem.Message, problem);
        }
    }
}
