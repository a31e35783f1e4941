using Microsoft.ML;
using RlhfV.Preferences;

namespace RlhfV.ML.PreferenceData;

/// <summary>Preference data as rows, read anew by each cursor. The columns are those of <see cref="PreferenceColumn.Schema"/>.</summary>
/// <param name="read">Starts a reading, with the pictures' bytes or without.</param>
internal sealed class PreferenceView(Func<bool, IEnumerable<PreferenceExample>> read) : IDataView
{
    public DataViewSchema Schema => PreferenceColumn.Schema;

    /// <summary>False: files are read from front to back. <c>ml.Data.ShuffleRows</c> shuffles in a pool.</summary>
    public bool CanShuffle => false;

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        bool[] active = new bool[Schema.Count];
        foreach (DataViewSchema.Column column in columnsNeeded)
            active[column.Index] = true;
        bool pictures = active[Schema[PreferenceColumn.Image].Index] || active[Schema[PreferenceColumn.MoreImages].Index];
        return new PreferenceCursor(read(pictures).GetEnumerator(), active);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];
}
