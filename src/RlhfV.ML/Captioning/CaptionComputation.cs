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
        return [columns.Image, .. new[] { columns.Prompt, columns.MoreImages }.OfType<DataViewSchema.Column>()];
    }

    public override Func<CaptionRequest> Open(DataViewRow row)
    {
        var columns = CaptionColumns.Find(row.Schema, options);
        Func<ImageSource?> image = ImageColumn.Open(row, columns.Image, options.ImageFolder);
        ValueGetter<ReadOnlyMemory<char>>? question = columns.Prompt is { } prompt ? row.GetGetter<ReadOnlyMemory<char>>(prompt) : null;
        ValueGetter<ReadOnlyMemory<char>>? others = columns.MoreImages is { } more ? row.GetGetter<ReadOnlyMemory<char>>(more) : null;
        ReadOnlyMemory<char> text = default, list = default;
        return () =>
        {
            question?.Invoke(ref text);
            others?.Invoke(ref list);
            return CaptionRequest.Read(row.Position + 1, text.ToString(), image, list.ToString());
        };
    }

    public override IReadOnlyList<string> Compute(IReadOnlyList<CaptionRequest> requests) => captioner.Answer(requests);
}
