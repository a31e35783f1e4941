namespace RlhfV.Preferences.Tests.Files;

/// <summary>Every format gives back what was written, and every pair of formats can be chained without loss.</summary>
public sealed class RoundTripTests
{
    private static readonly Dictionary<string, IPreferenceFormat> Formats = PreferenceFormats.All.ToDictionary(format => format.Name);

    public static TheoryData<string> Names => [.. Formats.Keys];

    public static TheoryData<string, string> Pairs
    {
        get
        {
            var pairs = new TheoryData<string, string>();
            foreach (string first in Formats.Keys)
            {
                foreach (string second in Formats.Keys.Where(name => name != first))
                    pairs.Add(first, second);
            }

            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Read_WrittenFile_GivesEqualExamples(string format)
    {
        using var folder = new TemporaryFolder();
        PreferenceExample[] examples = Difficult();

        Assert.Equal(examples.Length, Write(folder, "a", format, examples, out string path));

        Assert.Equal(examples, PreferenceFile.Read(path));
        Assert.Equal(format, PreferenceFormats.Detect(path).Name);
        Assert.Empty(Directory.GetFiles(folder.Root, "*.tmp", SearchOption.AllDirectories));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Read_ChainOfTwoFormats_GivesEqualExamples(string first, string second)
    {
        using var folder = new TemporaryFolder();
        PreferenceExample[] examples = Difficult();

        Write(folder, "a", first, examples, out string path);
        Write(folder, "b", second, PreferenceFile.Read(path), out string next);

        Assert.Equal(examples, PreferenceFile.Read(next));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Write_SameExamplesTwice_GivesTheSameBytes(string format)
    {
        using var folder = new TemporaryFolder();

        Write(folder, "a", format, Difficult(), out string first);
        Write(folder, "b", format, Difficult(), out string second);

        Assert.Equal(File.ReadAllBytes(first), File.ReadAllBytes(second));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Write_WithoutDetails_KeepsTheBareFormat(string format)
    {
        using var folder = new TemporaryFolder();
        string path = PathFor(folder, "a", format, 1);

        PreferenceFile.Write(path, [Samples.Example()], new PreferenceWriteOptions { Format = Formats[format], KeepDetails = false });

        PreferenceExample example = Assert.Single(PreferenceFile.Read(path));
        Assert.Equal(Samples.Example().Chosen, example.Chosen);
        Assert.Equal(format == PreferenceFormats.JsonLines.Name ? 2 : 0, example.Segments.Count);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Write_LaterBadExample_LeavesTheOldFile(string format)
    {
        using var folder = new TemporaryFolder();
        string path = PathFor(folder, "a", format, 2);
        File.WriteAllText(path, "before");

        var error = Assert.Throws<PreferenceDataException>(() => PreferenceFile.Write(
            path, [Samples.Example(), Samples.Example() with { Chosen = " " }], new PreferenceWriteOptions { Format = Formats[format] }));

        Assert.Equal((2, "chosen"), (error.Row, error.Column));
        Assert.Equal("before", File.ReadAllText(path));
        Assert.Empty(Directory.GetFiles(folder.Root, "*.tmp", SearchOption.AllDirectories));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Write_Cancelled_LeavesNothing(string format)
    {
        using var folder = new TemporaryFolder();
        string path = PathFor(folder, "a", format, 1);

        Assert.Throws<OperationCanceledException>(() => PreferenceFile.Write(
            path, [Samples.Example()], new PreferenceWriteOptions { Format = Formats[format] }, new CancellationToken(canceled: true)));

        Assert.Empty(Directory.GetFiles(folder.Root));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Read_EmptyFileOfTheFormat_GivesNothing(string format)
    {
        using var folder = new TemporaryFolder();

        Assert.Equal(0, Write(folder, "a", format, [], out string path));

        Assert.Empty(PreferenceFile.Read(path, new PreferenceReadOptions { Format = Formats[format] }));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Read_LargePictures_AreRecognisedAndEqual(string format)
    {
        using var folder = new TemporaryFolder();
        byte[] picture = new byte[400_000];
        new Random(1).NextBytes(picture);
        Samples.Png.AsSpan(0, 8).CopyTo(picture);
        PreferenceExample[] examples =
            [.. Enumerable.Range(0, 3).Select(i => Samples.Example(i) with { Image = PreferenceImage.FromBytes(picture, $"{i}.png") })];

        Write(folder, "a", format, examples, out string path);

        Assert.Equal(examples, PreferenceFile.Read(path));
    }

    [Fact]
    public void Read_KeysBehindALongPicture_AreFound()
    {
        using var folder = new TemporaryFolder();
        string picture = Convert.ToBase64String((byte[])[.. Samples.Png, .. new byte[300_000]]);
        string path = folder.WriteText("data", $$"""
            {"image":{"bytes":"{{picture}}"},"prompt":"p","chosen":"c","rejected":"r"}
            """);

        Assert.Equal("p", Assert.Single(PreferenceFile.Read(path)).Prompt);
    }

    [Fact]
    public void Read_ManyRows_TellsItsProgress()
    {
        using var folder = new TemporaryFolder();
        PreferenceFile.Write(folder.File("data.jsonl"), Enumerable.Range(0, 250).Select(Samples.Example));
        var progress = new Recorder();

        Assert.Equal(250, PreferenceFile.Read(folder.File("data.jsonl"), new PreferenceReadOptions { Progress = progress }).Count());

        Assert.Equal([100, 200], progress.Rows);
    }

    [Fact]
    public void Write_ManyRows_AreReadInOrderOverRowGroups()
    {
        using var folder = new TemporaryFolder();
        PreferenceExample[] examples = [.. Enumerable.Range(0, 2500).Select(Samples.Example)];

        PreferenceFile.Write(folder.File("many.parquet"), examples);

        Assert.Equal(examples, PreferenceFile.Read(folder.File("many.parquet")));
    }

    private static PreferenceExample[] Difficult() =>
    [
        Samples.Example(),
        Samples.Example(1) with
        {
            Prompt = "\nA lone line end, a tab\t, \"quotes\", <b>markup</b> \\ and \u2028 你好 🙂?",
            Chosen = "First line\r\nsecond line\rthird\n",
            Rejected = "  leading and trailing  ",
            Segments = [],
        },
        Samples.Example(2) with
        {
            History =
            [
                new PreferenceTurn(PreferenceRole.System, "Be exact."),
                new PreferenceTurn(PreferenceRole.User, "What is this?"),
                new PreferenceTurn(PreferenceRole.Assistant, "A table."),
            ],
        },
        Samples.Example(3) with
        {
            ReferenceLogProbs = new ReferenceLogProbs
            {
                ChosenSum = -12.345678901234567,
                ChosenMean = -0.1,
                ChosenPerToken = [-1.5, -2.25e-7],
                RejectedSum = -20,
                RejectedMean = -5,
                RejectedPerToken = [-20],
            },
        },
    ];

    private static int Write(TemporaryFolder folder, string name, string format, IEnumerable<PreferenceExample> examples, out string path)
    {
        PreferenceExample[] all = [.. examples];
        path = PathFor(folder, name, format, all.Length);
        return PreferenceFile.Write(path, all, new PreferenceWriteOptions { Format = Formats[format] });
    }

    private static string PathFor(TemporaryFolder folder, string name, string format, int count) =>
        folder.File($"{name}-{count}{Formats[format].Extension}");

    private sealed class Recorder : IProgress<long>
    {
        public List<long> Rows { get; } = [];

        public void Report(long value) => Rows.Add(value);
    }
}
