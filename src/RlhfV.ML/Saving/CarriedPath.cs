using Microsoft.ML.Data;
using RlhfV.ML.Columns;
using RlhfV.Models;

namespace RlhfV.ML.Saving;

/// <summary>A row whose picture is in a file.</summary>
internal sealed class CarriedPath : CarriedRow
{
    [ColumnName(CarrierColumns.Image)]
    public ReadOnlyMemory<char> Image { get; set; }

    public override ImageSource? Open(string? folder) => ImageColumn.FromPath(Image.Span, folder);
}
