using System.Text.Json;

namespace RlhfV.Preferences;

/// <summary>
/// The RLAIF-V-Dataset layout: as RLHF-V's, but with the columns <c>question</c>, <c>chosen</c> and <c>rejected</c> instead of <c>text</c>,
/// <c>idx</c> as a text, and, in the reference's own files, the column <c>logps</c>.
/// </summary>
internal sealed class RlaifVParquetFormat : IPreferenceFormat
{
    public string Name => "RLAIF-V parquet";

    public string Extension => ".parquet";

    public bool Recognizes(PreferenceFileHead head) =>
        head.Columns.Contains("question") && head.Columns.Contains("chosen") && head.Columns.Contains("rejected")
            && head.Columns.Contains("image");

    public IEnumerable<PreferenceExample> Read(PreferenceSource source) => ParquetExampleReader.Read(
        source,
        answers: ["question", "chosen", "rejected"],
        optional: ["logps"],
        parse: static row => new PreferenceExample
        {
            Prompt = row.Text("question") ?? throw new JsonException("is null, expected a text."),
            Chosen = row.Text("chosen") ?? "",
            Rejected = row.Text("rejected") ?? "",
            ReferenceLogProbs = row.Text("logps") is { Length: > 0 } logProbs ? LogProbsJson.Read(logProbs) : null,
        });

    public int Write(PreferenceTarget target, IEnumerable<PreferenceExample> examples, CancellationToken cancellationToken)
    {
        target.RequireStorage(ImageStorage.Inline, Name);
        using IEnumerator<PreferenceExample> source = examples.GetEnumerator();
        bool any = source.MoveNext();

        // The columns are fixed before the first row: whether there are log-probabilities shows in the first example.
        bool withLogProbs = any && HasLogProbs(source.Current);
        int count = 0;
        AtomicFile.Write(target.Path, stream =>
        {
            var origin = new ParquetOriginColumns(integerIndex: false);
            var question = new ParquetTextColumn("question");
            var chosen = new ParquetTextColumn("chosen");
            var rejected = new ParquetTextColumn("rejected");
            var logProbs = new ParquetTextColumn("logps");
            IReadOnlyList<ParquetColumn> columns = origin.Around(question, chosen, rejected);
            var table = new ParquetWriterTable(stream, withLogProbs ? [.. columns, logProbs] : columns);
            for (; any; any = source.MoveNext())
            {
                cancellationToken.ThrowIfCancellationRequested();
                PreferenceExample example = source.Current;
                target.Check(++count, example);
                question.Add(example.Prompt);
                chosen.Add(example.Chosen);
                rejected.Add(example.Rejected);
                if (withLogProbs)
                    logProbs.Add(example.ReferenceLogProbs is { } values ? LogProbsJson.WriteObject(values) : null);
                int pictureBytes = origin.Add(target, count, example, keepLogProbs: !withLogProbs);
                table.EndRow(pictureBytes);
            }

            table.Complete();
        });
        return count;
    }

    private static bool HasLogProbs(PreferenceExample? example) => example?.ReferenceLogProbs is not null;
}
