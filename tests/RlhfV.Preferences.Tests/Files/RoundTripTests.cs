namespace RlhfV.Preferences.Tests.Files;

public sealed class RoundTripTests
{
    [Theory]
    [InlineData("data.parquet")]
    [InlineData("data.jsonl")]
    public void Read_WrittenFile_GivesEqualExamples(string name)
    {
        using var folder = new TemporaryFolder();
        PreferenceExample[] examples = [.. Enumerable.Range(0, 5).Select(Samples.Example)];

        int count = PreferenceFile.Write(folder.File(name), examples);

        Assert.Equal(5, count);
        Assert.Equal(examples, PreferenceFile.Read(folder.File(name)));
        Assert.Equal([folder.File(name)], Directory.GetFiles(folder.Root));
    }

    [Fact]
    public void Write_ExistingFile_IsReplacedOnlyWhenComplete()
    {
        using var folder = new TemporaryFolder();
        string path = folder.WriteText("data.jsonl", "before");

        Assert.Throws<PreferenceDataException>(() => PreferenceFile.Write(path, [Samples.Example(), Samples.Example() with { Chosen = " " }]));

        Assert.Equal("before", File.ReadAllText(path));
        Assert.Single(Directory.GetFiles(folder.Root));
    }
}
