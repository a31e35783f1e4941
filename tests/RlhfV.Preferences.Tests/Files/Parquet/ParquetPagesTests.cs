using System.Text;

namespace RlhfV.Preferences.Tests.Files.Parquet;

/// <summary>Files of one row group in many pages: the layout of the published data sets.</summary>
public sealed class ParquetPagesTests
{
    private static readonly PreferenceExample[] Examples =
    [
        .. Enumerable.Range(0, 23).Select(i => i % 7 == 3
            ? Samples.Example(i) with { Image = null }
            : Samples.Example(i) with { Image = PreferenceImage.FromBytes((byte[])[.. Samples.Png, (byte)i], $"pictures/{i}.png") })
    ];

    [Theory]
    [InlineData(1, false)]
    [InlineData(4, false)]
    [InlineData(4, true)]
    [InlineData(10, true)]
    [InlineData(100, false)]
    [InlineData(100, true)]
    public void Read_ManyPages_GivesAllRows(int rowsPerPage, bool dictionary)
    {
        using var folder = new TemporaryFolder();
        Write(folder.File("data.parquet"), rowsPerPage, dictionary);

        Assert.Equal(Examples, PreferenceFile.Read(folder.File("data.parquet")));
    }

    [Fact]
    public void Read_DamagedPage_LosesItsRowsOnly()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("data.parquet");
        long page = Write(path, rowsPerPage: 4)[2]; // rows 9 to 12, row 11 without a picture
        byte[] bytes = File.ReadAllBytes(path);
        int firstPicture = bytes.AsSpan((int)page).IndexOf(Samples.Png.AsSpan(0, 8)) + (int)page;
        bytes.AsSpan(firstPicture - 4, 4).Fill(0x7F); // its length
        File.WriteAllBytes(path, bytes);
        var problems = new List<PreferenceDataException>();

        PreferenceExample[] read = [.. PreferenceFile.Read(path, new PreferenceReadOptions { OnBadRow = problems.Add })];

        Assert.Equal([9, 10, 11, 12], problems.Select(problem => problem.Row));
        Assert.Equal(Examples.Where((_, i) => i is < 8 or > 11), read);
    }

    [Fact]
    public void Read_LostPageHeader_KeepsTheRowsBefore()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("data.parquet");
        long page = Write(path, rowsPerPage: 4)[2];
        byte[] bytes = File.ReadAllBytes(path);
        bytes.AsSpan((int)page, 4).Fill(0xFF);
        File.WriteAllBytes(path, bytes);
        var problems = new List<PreferenceDataException>();

        PreferenceExample[] read = [.. PreferenceFile.Read(path, new PreferenceReadOptions { OnBadRow = problems.Add })];

        Assert.Equal(Examples[..8], read);
        PreferenceDataException problem = Assert.Single(problems);
        Assert.Equal(9, problem.Row);
        Assert.Contains("rows 9 to 23", problem.Message, StringComparison.Ordinal);
    }

    /// <summary>Writes the examples and returns where each page of the picture column begins.</summary>
    private static List<long> Write(string path, int rowsPerPage, bool dictionary = false)
    {
        var pictures = new PagedParquetColumn("image.bytes", i => Examples[i].Image?.Bytes?.ToArray()) { IsBinary = true };
        PagedParquetFile.Write(path, Examples.Length, rowsPerPage,
        [
            new("ds_name", i => Utf8(Examples[i].Origin.Dataset)) { DictionaryWord = dictionary ? Utf8(Examples[0].Origin.Dataset) : null },
            pictures,
            new("image.path", i => Utf8(Path.GetFileName(Examples[i].Image?.Path))),
            new("text", i => Utf8(AnswersJson.Write(Examples[i]))),
            new("origin_dataset", i => Utf8(Examples[i].Origin.SourceDataset)),
            new("origin_split", i => Utf8(DetailsJson.WriteOriginSplit(Examples[i], keep: true, unfitId: null, keepLogProbs: false))),
            new("idx", i => BitConverter.GetBytes((long)i)) { IsInteger = true },
            new("image_path", i => Utf8(Examples[i].Image?.Path)),
        ]);
        return pictures.Pages;
    }

    private static byte[]? Utf8(string? text) => text is null ? null : Encoding.UTF8.GetBytes(text);
}
