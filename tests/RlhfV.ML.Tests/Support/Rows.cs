using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace RlhfV.ML.Tests;

internal sealed class BytesRow
{
    public byte[] Image { get; set; } = [];

    public string Prompt { get; set; } = "";

    public int Number { get; set; }

    public static BytesRow[] Many(int count) =>
        [.. Enumerable.Range(0, count).Select(i => new BytesRow { Image = Picture.Png(i), Prompt = $"What is number {i}?", Number = i })];
}

internal sealed class PathRow
{
    public string Image { get; set; } = "";
}

internal sealed class PixelsRow
{
    [ImageType(Picture.Height, Picture.Width)]
    public MLImage? Image { get; set; }
}

internal sealed class CaptionedRow
{
    public string Caption { get; set; } = "";
}
