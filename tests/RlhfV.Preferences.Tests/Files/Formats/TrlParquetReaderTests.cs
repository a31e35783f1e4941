using RlhfV.Preferences.Tests.Files.Parquet;

namespace RlhfV.Preferences.Tests.Files.Formats;

public sealed class TrlParquetReaderTests
{
    [Fact]
    public async Task Read_NoneToThreePictures_KeepsAllOfThem()
    {
        using var folder = new TemporaryFolder();
        PreferenceImage[] images = Samples.Pictures(3);

        await TrlParquetFile.WriteAsync(
            folder.File("a.parquet"),
            ([null, "one"], images[..1]),
            ([null, null, null, "three"], images),
            (["none"], []),
            (["two", null, null], images[1..]),
            (["unmarked"], images));

        PreferenceExample[] read = [.. PreferenceFile.Read(folder.File("a.parquet"))];
        Assert.Equal(["one", "three", "none", "two", "unmarked"], read.Select(example => example.Prompt));
        PreferenceImage[][] expected = [images[..1], images, [], images[1..], images];
        Assert.Equal(expected, read.Select(example => example.Images));
    }

    [Fact]
    public async Task Read_ListOfPaths_FindsThePicturesBesideTheFile()
    {
        using var folder = new TemporaryFolder();
        PreferenceImage[] images = Samples.Pictures(2);
        Directory.CreateDirectory(folder.File("pictures"));
        foreach (PreferenceImage image in images)
            File.WriteAllBytes(folder.File(image.Path!), image.Bytes!.Value.ToArray());

        await TrlParquetFile.WritePathsAsync(folder.File("a.parquet"), ([null, null, "two"], images), (["none"], []));

        PreferenceExample[] read = [.. PreferenceFile.Read(folder.File("a.parquet"))];
        Assert.Equal(images, read[0].Images);
        Assert.Empty(read[1].Images);
    }

    [Fact]
    public async Task Read_SinglePictureColumn_IsRead()
    {
        using var folder = new TemporaryFolder();
        PreferenceImage[] images = Samples.Pictures(2);

        await TrlParquetFile.WriteSingleAsync(folder.File("a.parquet"), ([null, "one"], images[..1]), ([null, "other"], images[1..]));

        PreferenceImage[][] expected = [images[..1], images[1..]];
        Assert.Equal(expected, PreferenceFile.Read(folder.File("a.parquet")).Select(example => example.Images));
    }

    [Fact]
    public async Task Read_PicturesOfAnUnknownForm_AreRefusedAndNotPassedOver()
    {
        using var folder = new TemporaryFolder();
        await TrlParquetFile.WriteNumbersAsync(folder.File("a.parquet"), (["x"], Samples.Pictures(2)));

        var error = Assert.Throws<PreferenceDataException>(() => PreferenceFile.Read(folder.File("a.parquet")).ToList());

        Assert.Equal("images", error.Column);
        Assert.Contains("expected pictures of {bytes, path} or paths in a list", error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_PictureAmongOthersIsNull_IsTold()
    {
        using var folder = new TemporaryFolder();
        PreferenceImage[] images = Samples.Pictures(2);
        await TrlParquetFile.WriteAsync(
            folder.File("a.parquet"), (["x"], [null, images[0]]), (["y"], images), (["z"], [images[0], null, images[1]]));
        var problems = new List<PreferenceDataException>();

        PreferenceExample read = Assert.Single(PreferenceFile.Read(folder.File("a.parquet"), new() { OnBadRow = problems.Add }));

        Assert.Equal(("y", 2), (read.Prompt, read.Images.Count));
        Assert.Equal([1, 3], problems.Select(problem => problem.Row!.Value));
        Assert.StartsWith("picture 1 of 2: has neither bytes nor a path.", problems[0].Reason, StringComparison.Ordinal);
        Assert.StartsWith("picture 2 of 3: has neither bytes nor a path.", problems[1].Reason, StringComparison.Ordinal);
    }
}
