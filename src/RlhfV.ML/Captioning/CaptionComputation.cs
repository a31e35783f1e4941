using Microsoft.ML;
using RlhfV.ML.Columns;
using RlhfV.ML.Rows;
using RlhfV.Models;

namespace RlhfV.ML.Captioning;

/// <summary>Answers about the pictures of rows.</summary>
/// <param name="captioner">Answers.</param>
/// <param name="options">Checked options.</param>
internal sealed class CaptionComputation(Captioner captioner, CaptionOptions options) : RowComputation<CaptionRequest, string>
{
    public override int BatchSize => options.BatchSize;

    public override IReadOnlyList<OutputColumn<string>> Outputs { get; } =
        [OutputColumn<string>.Text(options.OutputColumnName, answer => answer)];

    public override IReadOnlyList<DataViewSchema.Column> FindInputs(DataViewSchema schema)
    {
        var columns = CaptionColumns.Find(schema, options);
        return columns.Prompt is { } prompt ? [columns.Image, prompt] : [columns.Image];
    }

    public override Func<CaptionRequest> Open(DataViewRow row)
    {
        var columns = CaptionColumns.Find(row.Schema, options);
        Func<ImageSource?> image = ImageColumn.Open(row, columns.Image, options.ImageFolder);
        ValueGetter<ReadOnlyMemory<char>>? question = columns.Prompt is { } prompt ? row.GetGetter<ReadOnlyMemory<char>>(prompt) : null;
        ReadOnlyMemory<char> text = default;
        return () =>
        {
            question?.Invoke(ref text);
            return new CaptionRequest(row.Position + 1, text.ToString(), image());
        };
    }

    public override IReadOnlyList<string> Compute(IReadOnlyList<CaptionRequest> requests) => captioner.Answer(requests);
}
