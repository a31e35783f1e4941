using System.Globalization;
using System.Text.Json;

namespace RlhfV.Preferences;

/// <summary>
/// The RLHF-V-Dataset layout: <c>ds_name</c>, <c>image</c> {bytes, path}, <c>text</c> (JSON), <c>origin_dataset</c>, <c>origin_split</c>
/// (JSON), <c>idx</c> (64-bit integer), <c>image_path</c>. The reference's own files with <c>logps</c> inside <c>text</c> are the same format.
/// </summary>
internal sealed class RlhfVParquetFormat : IPreferenceFormat
{
    /// <summary>The column types as Hugging Face's <c>datasets</c> stores them, so that it decodes the pictures.</summary>
    private const string HuggingFaceFeatures =
        """
        {"info": {"features": {"ds_name": {"dtype": "string", "_type": "Value"}, "image": {"_type": "Image"}, "text": {"dtype": "string", "_type": "Value"}, "origin_dataset": {"dtype": "string", "_type": "Value"}, "origin_split": {"dtype": "string", "_type": "Value"}, "idx": {"dtype": "int64", "_type": "Value"}, "image_path": {"dtype": "string", "_type": "Value"}}}}
        """;

    public string Name => "RLHF-V parquet";

    public string Extension => ".parquet";

    public bool Recognizes(PreferenceFileHead head) => head.Columns.Contains("text") && head.Columns.Contains("image");

    public IEnumerable<PreferenceExample> Read(PreferenceSource source) => ParquetExampleReader.Read(
        source,
        required: ["text", "image/bytes"],
        texts: ["ds_name", "text", "origin_dataset", "origin_split", "idx", "image_path", "image/path"],
        parse: static row =>
        {
            string text = row["text"] ?? throw new JsonException("is null, expected JSON with question, chosen and rejected.");
            return AnswersJson.Read(text);
        },
        answersColumn: "text");

    public int Write(PreferenceTarget target, IEnumerable<PreferenceExample> examples, CancellationToken cancellationToken)
    {
        target.RequireStorage(ImageStorage.Inline, Name);
        int count = 0;
        AtomicFile.Write(target.Path, stream =>
        {
            var name = new ParquetTextColumn("ds_name");
            var image = new ParquetImageColumn("image");
            var text = new ParquetTextColumn("text");
            var dataset = new ParquetTextColumn("origin_dataset");
            var split = new ParquetTextColumn("origin_split");
            var index = new ParquetIntegerColumn("idx");
            var imagePath = new ParquetTextColumn("image_path");
            var table = new ParquetWriterTable(
                stream,
                [name, image, text, dataset, split, index, imagePath],
                new Dictionary<string, string> { ["huggingface"] = HuggingFaceFeatures });

            foreach (PreferenceExample example in examples)
            {
                cancellationToken.ThrowIfCancellationRequested();
                target.Check(count + 1, example);
                bool integerId = ParseIndex(example.Origin.Id, out long idx);
                name.Add(example.Origin.Dataset ?? "");
                text.Add(AnswersJson.Write(example));
                dataset.Add(example.Origin.SourceDataset ?? "");
                split.Add(DetailsJson.WriteOriginSplit(example, target.Options.KeepDetails, integerId ? null : example.Origin.Id));
                index.Add(integerId ? idx : count);
                imagePath.Add(example.Image?.Path ?? "");
                table.EndRow(ParquetExampleWriter.AddImage(target, count + 1, image, example.Image));
                count++;
            }

            table.Complete();
        });
        return count;
    }

    /// <summary>True for an integer in its shortest form: any other id would not come back as it was.</summary>
    private static bool ParseIndex(string? id, out long index) =>
        long.TryParse(id, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out index)
        && index.ToString(CultureInfo.InvariantCulture) == id;
}
