using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using RlhfV.Preferences;
using RlhfV.Preferences.Tests.Files.Parquet;

namespace RlhfV.Benchmarks.Data;

/// <summary>Examples with random bytes for pictures (they begin as PNG files do) and answers of about the paper's length.</summary>
internal sealed class MadeUpData(int pictureBytes)
{
    /// <summary>Rows in each page of a single row group: a page of a megabyte, as pyarrow makes them.</summary>
    private readonly int _rowsPerPage = Math.Max(1, 1024 * 1024 / pictureBytes);

    public void WriteRowGroups(string path, int count) => PreferenceFile.Write(path, Enumerable.Range(0, count).Select(MakeExample));

    public void WriteOneRowGroup(string path, int count) => PagedParquetFile.Write(path, count, _rowsPerPage,
    [
        new("ds_name", _ => "made-up"u8.ToArray()),
        new("image.bytes", MakePicture) { IsBinary = true },
        new("image.path", i => Text($"{i}.png")),
        new("text", i => Text(MakeText(i))),
        new("origin_dataset", _ => "noise"u8.ToArray()),
        new("origin_split", _ => """{"model":"none","type":"detailed_description"}"""u8.ToArray()),
        new("idx", i => BitConverter.GetBytes((long)i)) { IsInteger = true },
        new("image_path", i => Text($"pictures/{i}.png")),
    ]);

    private PreferenceExample MakeExample(int index) => new()
    {
        Image = PreferenceImage.FromBytes(MakePicture(index), $"pictures/{index}.png"),
        Prompt = "Describe it.",
        Chosen = Answer(index, "red"),
        Rejected = Answer(index, "blue"),
        Origin = new PreferenceOrigin
        {
            Dataset = "made-up",
            SourceDataset = "noise",
            Id = index.ToString(CultureInfo.InvariantCulture),
            Model = "none",
        },
    };

    private byte[] MakePicture(int index)
    {
        byte[] bytes = new byte[pictureBytes];
        new Random(index).NextBytes(bytes);
        ReadOnlySpan<byte> signature = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];
        signature.CopyTo(bytes);
        return bytes;
    }

    private static string MakeText(int index) => new JsonObject
    {
        ["question"] = "Describe it.",
        ["chosen"] = Answer(index, "red"),
        ["rejected"] = Answer(index, "blue"),
    }.ToJsonString();

    private static string Answer(int index, string colour) =>
        string.Join(' ', Enumerable.Repeat($"Picture {index} shows a {colour} cup on a table near the window.", 5));

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);
}
