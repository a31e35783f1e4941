using Microsoft.ML;
using Microsoft.ML.Data;
using RlhfV.Preferences;

namespace RlhfV.ML.PreferenceData;

/// <summary>Moves over preference data.</summary>
/// <param name="examples">The examples; owned.</param>
/// <param name="active">Which columns of <see cref="PreferenceColumn.Schema"/> are needed.</param>
internal sealed class PreferenceCursor(IEnumerator<PreferenceExample> examples, bool[] active) : DataViewRowCursor
{
    private long _position = -1;
    private bool _ended;

    public override DataViewSchema Schema => PreferenceColumn.Schema;

    public override long Position => _position;

    public override long Batch => 0;

    private PreferenceExample Current => _position >= 0 && !_ended
        ? examples.Current
        : throw new InvalidOperationException("The cursor stands on no row; call MoveNext first, and stop when it says false.");

    public override bool MoveNext()
    {
        if (_ended || !examples.MoveNext())
        {
            _ended = true;
            return false;
        }

        _position++;
        return true;
    }

    public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)_position, 0);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!active[column.Index])
            throw new ArgumentOutOfRangeException(nameof(column), $"The column '{column.Name}' is not active; name it when the cursor is made.");
        Delegate getter = column.Index == 0 ? ImageGetter() : TextGetter(PreferenceColumn.Texts[column.Index - 1]);
        return getter as ValueGetter<TValue>
            ?? throw new InvalidOperationException($"The column '{column.Name}' was asked for as {typeof(TValue)}; it is {column.Type}.");
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _ended = true;
            examples.Dispose();
        }

        base.Dispose(disposing);
    }

    private ValueGetter<ReadOnlyMemory<char>> TextGetter(PreferenceColumn column) =>
        (ref ReadOnlyMemory<char> value) => value = column.Write(Current).AsMemory();

    private ValueGetter<VBuffer<byte>> ImageGetter() => (ref VBuffer<byte> value) =>
    {
        ReadOnlySpan<byte> bytes = Current.Image?.Bytes is { } encoded ? encoded.Span : [];
        VBufferEditor<byte> editor = VBufferEditor.Create(ref value, bytes.Length);
        bytes.CopyTo(editor.Values);
        value = editor.Commit();
    };
}
