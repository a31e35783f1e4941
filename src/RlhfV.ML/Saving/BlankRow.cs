using Microsoft.ML.Data;

namespace RlhfV.ML.Saving;

/// <summary>A row of one empty text.</summary>
internal sealed class BlankRow
{
    [ColumnName(CarrierColumns.Blank)]
    public string Text { get; set; } = "";
}
