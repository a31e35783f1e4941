using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using RlhfV.ML.Columns;
using RlhfV.Models;

namespace RlhfV.ML.Saving;

/// <summary>A row whose picture is decoded.</summary>
internal sealed class CarriedPixels : CarriedRow
{
    // ML.NET wants a size here and then takes pictures of any.
    [ColumnName(CarrierColumns.Image), ImageType(1, 1)]
    public MLImage? Image { get; set; }

    public override ImageSource? Open(string? folder) => Image is null ? null : ImageSource.FromRgb(ImagePixels.ToRgb(Image));
}
