using Microsoft.ML;
using Microsoft.ML.Data;

namespace RlhfV.ML.Rows;

/// <summary>Adds computed columns to single rows, as prediction engines ask for it.</summary>
internal sealed class ComputedMapper<TRequest, TResult> : IRowToRowMapper
{
    private readonly RowComputation<TRequest, TResult> _computation;
    private readonly HashSet<int> _inputs;

    public ComputedMapper(DataViewSchema inputSchema, RowComputation<TRequest, TResult> computation)
    {
        (InputSchema, _computation) = (inputSchema, computation);
        _inputs = [.. computation.FindInputs(inputSchema).Select(column => column.Index)];
        OutputSchema = computation.Extend(inputSchema);
    }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema { get; }

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        HashSet<int> needed = [.. dependingColumns.Select(column => column.Index)];
        if (needed.Any(index => index >= InputSchema.Count))
            needed.UnionWith(_inputs);
        return InputSchema.Where(column => needed.Contains(column.Index));
    }

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        bool isActive = activeColumns.Any(column => column.Index >= InputSchema.Count);
        return new ComputedRow<TRequest, TResult>(OutputSchema, input, _computation, isActive ? _computation.Open(input) : null);
    }
}
