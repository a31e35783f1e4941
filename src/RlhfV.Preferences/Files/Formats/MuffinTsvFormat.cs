using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace RlhfV.Preferences;

/// <summary>
/// Muffin's older layout: seven columns separated by tabs: <c>ds_name</c>, picture in base64, base64 of the JSON list [question, chosen,
/// rejected(, logps)], <c>origin_dataset</c>, base64 of the JSON <c>origin_split</c>, <c>idx</c>, <c>image_path</c>. Beside it lies a
/// <c>.lineidx</c> file of line offsets, and the number of rows is the last part of the file name, as in <c>rlhfv-12.tsv</c>.
/// </summary>
internal sealed class MuffinTsvFormat : IPreferenceFormat
{
    private const int ColumnCount = 7;
    private const int Name0 = 0, ImageColumn = 1, Answers = 2, Dataset = 3, Split = 4, Index = 5, ImagePath = 6;
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly string[] ColumnNames = ["ds_name", "image", "text", "origin_dataset", "origin_split", "idx", "image_path"];

    public string Name => "Muffin TSV";

    public string Extension => ".tsv";

    public bool Recognizes(PreferenceFileHead head)
    {
        // A picture may be longer than the head: then the extension decides.
        ReadOnlySpan<byte> start = head.Start.Span;
        int lineEnd = start.IndexOf((byte)'\n');
        int tabs = (lineEnd < 0 ? start : start[..lineEnd]).Count((byte)'\t');
        return tabs == ColumnCount - 1
            || (lineEnd < 0 && tabs > 0 && Path.GetExtension(head.Path).Equals(Extension, StringComparison.OrdinalIgnoreCase));
    }

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
        target.RequireStorage(ImageStorage.Inline, Name);
        int expected = CountInName(target.Path);
        string indexPath = Path.ChangeExtension(target.Path, ".lineidx");
        int count = 0;
        AtomicFile.Write(indexPath, index => AtomicFile.Write(target.Path, stream =>
        {
            foreach (PreferenceExample example in examples)
            {
                cancellationToken.ThrowIfCancellationRequested();
                target.Check(++count, example);
                index.Write(Utf8.GetBytes(stream.Position.ToString(CultureInfo.InvariantCulture) + "\n"));
                WriteRow(stream, target, count, example);
            }

            if (count != expected)
            {
                throw new ArgumentException(
                    $"Muffin's loader takes the number of rows from the file name: '{Path.GetFileName(target.Path)}' says {expected}, "
                    + $"but {count} were written. Name the file with -{count} before the extension.",
                    nameof(target));
            }
        }));
        return count;
    }

    private static int CountInName(string path)
    {
        string name = Path.GetFileNameWithoutExtension(path);
        return int.TryParse(name[(name.LastIndexOf('-') + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int count)
            && name.Contains('-')
            ? count
            : throw new ArgumentException(
                $"Muffin's loader takes the number of rows from the file name, and '{Path.GetFileName(path)}' holds none. "
                + "Name the file with -N before the extension, N being the number of rows, as in rlhfv-12.tsv.",
                nameof(path));
    }

    private static void WriteRow(Stream stream, PreferenceTarget target, int row, PreferenceExample example)
    {
        PreferenceImage image = example.Image
            ?? throw target.Bad(row, "image", "there is no picture, and the format has no rows without one.");
        string[] columns = new string[ColumnCount];
        columns[Name0] = example.Origin.Dataset ?? "";
        columns[ImageColumn] = Convert.ToBase64String(target.LoadImage(row, image).Span);
        columns[Answers] = ToBase64(WriteAnswers(example));
        columns[Dataset] = example.Origin.SourceDataset ?? "";
        columns[Split] = ToBase64(DetailsJson.WriteOriginSplit(example, target.Options.KeepDetails, unfitId: null, keepLogProbs: false));
        columns[Index] = example.Origin.Id ?? "";
        columns[ImagePath] = image.Path ?? "";
        for (int i = 0; i < ColumnCount; i++)
        {
            if (columns[i].AsSpan().IndexOfAny('\t', '\n', '\r') >= 0)
            {
                throw target.Bad(
                    row, ColumnNames[i], "holds a tab or a line break, which separate columns and rows in this format. Remove it.");
            }
        }

        stream.Write(Utf8.GetBytes(string.Join('\t', columns) + "\n"));
    }

    private static string WriteAnswers(PreferenceExample example) => JsonText.Write(writer =>
    {
        writer.WriteStartArray();
        writer.WriteStringValue(example.Prompt);
        writer.WriteStringValue(example.Chosen);
        writer.WriteStringValue(example.Rejected);
        if (example.ReferenceLogProbs is { } logProbs)
            LogProbsJson.Write(writer, logProbs);
        writer.WriteEndArray();
    });

    private static string ToBase64(string text) => Convert.ToBase64String(Utf8.GetBytes(text));

    private static PreferenceExample Parse(PreferenceSource source, TextLine line)
    {
        ReadOnlyMemory<byte>[] columns = SplitColumns(line.Utf8);
        if (columns.Length != ColumnCount)
        {
            throw source.Bad(
                line.Number, null,
                $"has {columns.Length} columns, expected {ColumnCount} separated by tabs: {string.Join(", ", ColumnNames)}.");
        }

        int column = Answers;
        try
        {
            using JsonDocument document = JsonDocument.Parse(Decode(columns[Answers]));
            JsonElement answers = document.RootElement;
            if (answers.ValueKind != JsonValueKind.Array || answers.GetArrayLength() is not (3 or 4))
                throw new JsonException("is no list of question, chosen, rejected and perhaps log-probabilities.");
            column = ImageColumn;
            byte[] picture = Decode(columns[ImageColumn]);
            column = Answers;
            var example = new PreferenceExample
            {
                Image = PreferenceImage.FromBytes(picture, NullIfEmpty(columns[ImagePath])),
                Prompt = JsonText.AsString(answers[0], "the question"),
                Chosen = JsonText.AsString(answers[1], "chosen"),
                Rejected = JsonText.AsString(answers[2], "rejected"),
                ReferenceLogProbs = answers.GetArrayLength() == 4 ? LogProbsJson.Read(answers[3]) : null,
                Origin = new PreferenceOrigin
                {
                    Dataset = NullIfEmpty(columns[Name0]),
                    SourceDataset = NullIfEmpty(columns[Dataset]),
                    Id = NullIfEmpty(columns[Index]),
                },
            };
            column = Split;
            return DetailsJson.ReadOriginSplit(example, Utf8.GetString(Decode(columns[Split])));
        }
        catch (Exception problem) when (problem is JsonException or FormatException or DecoderFallbackException)
        {
            throw source.Bad(line.Number, ColumnNames[column], problem.Message, problem);
        }
    }

    private static ReadOnlyMemory<byte>[] SplitColumns(ReadOnlyMemory<byte> line)
    {
        var columns = new List<ReadOnlyMemory<byte>>(ColumnCount);
        int start = 0;
        while (line.Span[start..].IndexOf((byte)'\t') is var length && length >= 0)
        {
            columns.Add(line.Slice(start, length));
            start += length + 1;
        }

        columns.Add(line[start..]);
        return [.. columns];
    }

    private static byte[] Decode(ReadOnlyMemory<byte> base64)
    {
        byte[] bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(base64.Length)];
        if (Base64.DecodeFromUtf8(base64.Span, bytes, out _, out int written) != System.Buffers.OperationStatus.Done)
            throw new FormatException("is not valid base64.");
        return bytes[..written];
    }

    private static string? NullIfEmpty(ReadOnlyMemory<byte> text) => text.IsEmpty ? null : Utf8.GetString(text.Span);
}
