using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using RlhfV.ML.Columns;
using RlhfV.Models;
using RlhfV.Models.Images;

namespace RlhfV.ML.Tests.Columns;

public sealed class ImageColumnTests
{
    private static readonly MLContext Ml = new(1);

    [Theory]
    [InlineData(MLPixelFormat.Bgra32)]
    [InlineData(MLPixelFormat.Rgba32)]
    public void Open_Pixels_GivesWhatTheEncodedPictureHolds(MLPixelFormat format)
    {
        using MLImage image = Picture.Image(3, format);

        RgbImage read = Read(Ml.Data.LoadFromEnumerable([new PixelsRow { Image = image }]))!.Decode();

        AssertEqual(ImageSource.FromBytes(Picture.Png(3)).Decode(), read);
    }

    [Fact]
    public void Open_Bytes_GivesThePicture() =>
        AssertEqual(
            ImageSource.FromBytes(Picture.Png(4)).Decode(),
            Read(Ml.Data.LoadFromEnumerable([new BytesRow { Image = Picture.Png(4) }]))!.Decode());

    [Fact]
    public void Open_RelativePath_LooksInTheFolder()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["a.png"], Picture.Png(5));

        RgbImage read = Read(Ml.Data.LoadFromEnumerable([new PathRow { Image = "a.png" }]), folder.Path)!.Decode();

        AssertEqual(ImageSource.FromBytes(Picture.Png(5)).Decode(), read);
    }

    [Fact]
    public void Open_NothingThere_GivesNull()
    {
        Assert.Null(Read(Ml.Data.LoadFromEnumerable([new PixelsRow()])));
        Assert.Null(Read(Ml.Data.LoadFromEnumerable([new BytesRow()])));
        Assert.Null(Read(Ml.Data.LoadFromEnumerable([new PathRow()])));
    }

    [Fact]
    public void KindOf_EveryForm_IsTold()
    {
        Assert.Equal(ImageColumnKind.Pixels, ImageColumn.KindOf(new ImageDataViewType()));
        Assert.Equal(ImageColumnKind.Bytes, ImageColumn.KindOf(new VectorDataViewType(NumberDataViewType.Byte, 7)));
        Assert.Equal(ImageColumnKind.Bytes, ImageColumn.KindOf(new VectorDataViewType(NumberDataViewType.Byte)));
        Assert.Equal(ImageColumnKind.Path, ImageColumn.KindOf(TextDataViewType.Instance));
        Assert.Null(ImageColumn.KindOf(new VectorDataViewType(NumberDataViewType.Single)));
        Assert.Null(ImageColumn.KindOf(NumberDataViewType.Byte));
    }

    private static ImageSource? Read(IDataView data, string? folder = null)
    {
        using DataViewRowCursor cursor = data.GetRowCursor(data.Schema);
        Func<ImageSource?> read = ImageColumn.Open(cursor, data.Schema["Image"], folder);
        Assert.True(cursor.MoveNext());
        return read();
    }

    private static void AssertEqual(RgbImage expected, RgbImage actual)
    {
        Assert.Equal((expected.Width, expected.Height), (actual.Width, actual.Height));
        Assert.Equal(expected.Pixels, actual.Pixels);
    }
}
