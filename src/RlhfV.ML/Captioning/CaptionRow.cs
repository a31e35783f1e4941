using Microsoft.ML;
using Microsoft.ML.Data;

namespace RlhfV.ML.Captioning;

/// <summary>A row with its answer, which is computed when it is first read and once per position.</summary>
/// <param name="schema">The input's schema with the answer behind it.</param>
/// <param name="input">The row; owned.</param>
/// <param name="reader">Reads what the row asks; null when the answer is not needed.</param>
/// <param name="captioner">Answers.</param>
internal sealed class CaptionRow(DataViewSchema schema, DataViewRow input, CaptionRequestReader? reader, Captioner captioner) : DataViewRow
{
    private long _position = -1;
    private string _answer = "";
    private bool _disposed;

    public override DataViewSchema Schema => schema;

    public override long Position => input.Position;

    public override long Batch => input.Batch;

    public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) =>
        column.Index < input.Schema.Count ? input.IsColumnActive(input.Schema[column.Index]) : reader is not null;

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (column.Index < input.Schema.Count)
            return input.GetGetter<TValue>(input.Schema[column.Index]);
        if (reader is null)
            throw new ArgumentOutOfRangeException(nameof(column), $"The column '{column.Name}' is not active; name it when the row is made.");
        return CaptionGetter.As<TValue>(Answer);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            input.Dispose();
        }

        base.Dispose(disposing);
    }

    private string Answer()
    {
        if (_position != input.Position)
        {
            _answer = captioner.Answer([reader!.Read()])[0];
            _position = input.Position;
        }

        return _answer;
    }
}
