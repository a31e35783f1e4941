using Microsoft.ML;
using Microsoft.ML.Data;
using RlhfV.ML.Columns;

namespace RlhfV.ML.Captioning;

/// <summary>Adds the answer to single rows, as prediction engines ask for it.</summary>
internal sealed class CaptionMapper : IRowToRowMapper
{
    private readonly Captioner _captioner;
    private readonly CaptionOptions _options;
    private readonly CaptionColumns _columns;

    public CaptionMapper(DataViewSchema inputSchema, Captioner captioner, CaptionOptions options)
    {
        (InputSchema, _captioner, _options) = (inputSchema, captioner, options);
        _columns = CaptionColumns.Find(inputSchema, options);
        OutputSchema = TextOutput.Append(inputSchema, options.OutputColumnName);
    }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema { get; }

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        HashSet<int> needed = [.. dependingColumns.Select(column => column.Index)];
        bool answers = needed.Contains(InputSchema.Count);
        return InputSchema.Where(column => needed.Contains(column.Index) || (answers && _columns.Contains(column)));
    }

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        bool answers = activeColumns.Any(column => column.Index == InputSchema.Count);
        return new CaptionRow(
            OutputSchema, input, answers ? new CaptionRequestReader(input, _columns, _options.ImageFolder) : null, _captioner);
    }
}
