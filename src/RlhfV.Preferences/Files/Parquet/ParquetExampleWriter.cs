namespace RlhfV.Preferences;

/// <summary>What the parquet formats share when writing.</summary>
internal static class ParquetExampleWriter
{
    /// <summary>Adds an example's picture to its column and returns the picture's size in bytes.</summary>
    public static int AddImage(PreferenceTarget target, long row, ParquetImageColumn column, PreferenceImage? image)
    {
        if (image is null)
        {
            column.AddNull();
            return 0;
        }

        ReadOnlyMemory<byte> bytes = target.LoadImage(row, image);
        column.Add(bytes, image.Path is { } path ? Path.GetFileName(path.Replace('\\', '/')) : null);
        return bytes.Length;
    }
}
