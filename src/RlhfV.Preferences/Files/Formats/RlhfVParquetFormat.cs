using System.Text.Json;

namespace RlhfV.Preferences;

/// <summary>
/// The RLHF-V-Dataset layout: <c>ds_name</c>, <c>image</c> {bytes, path}, <c>text</c> (JSON), <c>origin_dataset</c>, <c>origin_split</c>
/// (JSON), <c>idx</c> (64-bit integer), <c>image_path</c>. The reference's own files with <c>logps</c> inside <c>text</c> are the same
/// format.
/// </summary>
internal sealed class RlhfVParquetFormat : IPreferenceFormat
{
    public string Name => "RLHF-V parquet";

    public string Extension => ".parquet";

    public bool Recognizes(PreferenceFileHead head) => head.Columns.Contains("text") && head.Columns.Contains("image");

    public IEnumerable<PreferenceExample> Read(PreferenceSource source) => ParquetExampleReader.Read(
        source,
        answers: ["text"],
        optional: [],
        parse: static row => AnswersJson.Read(
            row.Text("text") ?? throw new JsonException("is null, expected JSON with question, chosen and rejected.")));

    public int Write(PreferenceTarget target, IEnumerable<PreferenceExample> examples, CancellationToken cancellationToken)
    {
        target.RequireStorage(ImageStorage.Inline, Name);
        int count = 0;
        AtomicFile.Write(target.Path, stream =>
        {
            var origin = new ParquetOriginColumns(integerIndex: true);
            var text = new ParquetTextColumn("text");
            var table = new ParquetWriterTable(stream, origin.Around(text));
            foreach (PreferenceExample example in examples)
            {
                cancellationToken.ThrowIfCancellationRequested();
                target.Check(++count, example);
                text.Add(AnswersJson.Write(example));
                int pictureBytes = origin.Add(target, count, example, keepLogProbs: false);
                table.EndRow(pictureBytes);
            }

            table.Complete();
        });
        return count;
    }
}
