using Microsoft.ML;

namespace RlhfV.ML.Rows;

/// <summary>
/// Something that is computed from columns of a row and added to it. The views, cursors and mappers of this folder make it lazy, batched
/// where whole data is read, and computed once per row.
/// </summary>
/// <typeparam name="TRequest">What is read from a row. It stays valid when the cursor has moved on.</typeparam>
/// <typeparam name="TResult">What is computed for it.</typeparam>
internal abstract class RowComputation<TRequest, TResult>
{
    /// <summary>Rows that are computed together.</summary>
    public abstract int BatchSize { get; }

    /// <summary>The columns that are added.</summary>
    public abstract IReadOnlyList<OutputColumn<TResult>> Outputs { get; }

    /// <summary>The columns that are read.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    public abstract IReadOnlyList<DataViewSchema.Column> FindInputs(DataViewSchema schema);

    /// <summary>A reader of the current row.</summary>
    /// <param name="row">A row or cursor whose columns of <see cref="FindInputs"/> are active.</param>
    public abstract Func<TRequest> Open(DataViewRow row);

    /// <summary>Computes rows; called from one thread at a time per cursor, from several for several.</summary>
    public abstract IReadOnlyList<TResult> Compute(IReadOnlyList<TRequest> requests);

    /// <summary>The schema with <see cref="Outputs"/> behind its own columns.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An input column is missing or of the wrong type.</exception>
    public DataViewSchema Extend(DataViewSchema schema)
    {
        FindInputs(schema);
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(schema);
        foreach (OutputColumn<TResult> output in Outputs)
            builder.AddColumn(output.Name, output.Type);
        return builder.ToSchema();
    }

    /// <summary>The getter of an output column.</summary>
    /// <exception cref="InvalidOperationException">The caller expects values of another type.</exception>
    public ValueGetter<TValue> Getter<TValue>(int output, Func<TResult> current) =>
        Outputs[output].Getter(current) as ValueGetter<TValue>
        ?? throw new InvalidOperationException($"The column '{Outputs[output].Name}' was asked for as {typeof(TValue)}; it is {Outputs[output].Type}.");
}
