using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using RlhfV.Models;

namespace RlhfV.ML.Columns;

/// <summary>Reads pictures out of a column, whichever of the three forms it has.</summary>
internal static class ImageColumn
{
    public const string Expected = "pictures: MLImage, a vector of bytes (encoded PNG, JPEG ..) or text (a path)";

    /// <summary>The form of a column of this type, or null when it holds no pictures.</summary>
    public static ImageColumnKind? KindOf(DataViewType itemType, bool isVector) => (itemType, isVector) switch
    {
        (ImageDataViewType, false) => ImageColumnKind.Pixels,
        (NumberDataViewType number, true) when number == NumberDataViewType.Byte => ImageColumnKind.Bytes,
        (TextDataViewType, false) => ImageColumnKind.Path,
        _ => null,
    };

    /// <summary>The form of a column of this type, or null when it holds no pictures.</summary>
    public static ImageColumnKind? KindOf(DataViewType type) =>
        type is VectorDataViewType vector ? KindOf(vector.ItemType, isVector: true) : KindOf(type, isVector: false);

    /// <summary>A reader of the current row's picture; null stands for an absent one (empty vector, empty path, no image object).</summary>
    /// <param name="row">The row or cursor; its column must be active.</param>
    /// <param name="column">The column.</param>
    /// <param name="folder">Where relative paths begin; null is the current directory.</param>
    public static Func<ImageSource?> Open(DataViewRow row, DataViewSchema.Column column, string? folder) => KindOf(column.Type) switch
    {
        ImageColumnKind.Pixels => OpenPixels(row.GetGetter<MLImage>(column)),
        ImageColumnKind.Bytes => OpenBytes(row, column),
        ImageColumnKind.Path => OpenPath(row.GetGetter<ReadOnlyMemory<char>>(column), folder),
        _ => throw new ArgumentException($"The column '{column.Name}' is {column.Type}; expected {Expected}.", nameof(column)),
    };

    /// <summary>The encoded picture of the current row, copied; empty for an absent one.</summary>
    public static Func<byte[]> OpenEncoded(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<VBuffer<byte>> get = row.GetGetter<VBuffer<byte>>(column);
        VBuffer<byte> buffer = default;
        return () =>
        {
            get(ref buffer);
            return ToArray(in buffer);
        };
    }

    /// <summary>An encoded picture, or null for an empty vector.</summary>
    public static ImageSource? FromBytes(byte[] encoded, string name) => encoded.Length == 0 ? null : ImageSource.FromBytes(encoded, name);

    /// <summary>A picture in a file, or null for an empty path.</summary>
    public static ImageSource? FromPath(ReadOnlySpan<char> path, string? folder) =>
        path.IsWhiteSpace() ? null : ImageSource.FromFile(Path.Combine(folder ?? "", path.ToString()));

    /// <summary>A dense copy of a vector.</summary>
    public static byte[] ToArray(in VBuffer<byte> buffer)
    {
        byte[] copy = new byte[buffer.Length];
        buffer.CopyTo(copy);
        return copy;
    }

    private static Func<ImageSource?> OpenPixels(ValueGetter<MLImage> get)
    {
        // Handing the same variable in again lets a loader upstream dispose the row before; the object is never ours to dispose.
        MLImage? image = null;
        return () =>
        {
            get(ref image!);
            return image is null ? null : ImageSource.FromRgb(ImagePixels.ToRgb(image));
        };
    }

    private static Func<ImageSource?> OpenBytes(DataViewRow row, DataViewSchema.Column column)
    {
        Func<byte[]> get = OpenEncoded(row, column);
        return () => FromBytes(get(), $"the picture in row {row.Position + 1}");
    }

    private static Func<ImageSource?> OpenPath(ValueGetter<ReadOnlyMemory<char>> get, string? folder)
    {
        ReadOnlyMemory<char> path = default;
        return () =>
        {
            get(ref path);
            return FromPath(path.Span, folder);
        };
    }
}
