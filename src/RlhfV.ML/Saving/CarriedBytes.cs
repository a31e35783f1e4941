using Microsoft.ML.Data;
using RlhfV.ML.Columns;
using RlhfV.Models;

namespace RlhfV.ML.Saving;

/// <summary>A row whose picture is encoded.</summary>
internal sealed class CarriedBytes : CarriedRow
{
    [ColumnName(CarrierColumns.Image), VectorType]
    public VBuffer<byte> Image { get; set; }

    public override ImageSource? Open(string? folder)
    {
        VBuffer<byte> image = Image;
        return ImageColumn.FromBytes(ImageColumn.ToArray(in image), "the picture");
    }
}
