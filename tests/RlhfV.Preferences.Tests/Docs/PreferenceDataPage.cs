using Microsoft.Extensions.AI;
using RlhfV.Preferences.Tests.Correction;

namespace RlhfV.Preferences.Tests.Docs;

/// <summary>The examples of docs/preference-data.md. <see cref="PageTests"/> holds page and code equal; each example runs here.</summary>
public sealed class PreferenceDataPage : IDisposable
{
    private readonly TemporaryFolder _temporary = new();
    private readonly List<string> _lines = [];

    private string Folder => _temporary.Root;

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void WriteAndRead()
    {
        string folder = Folder;
        byte[] picture = Samples.Png;

        #region record
        var example = new PreferenceExample
        {
            Image = PreferenceImage.FromBytes(picture, "kitchen/0001.png"),
            Prompt = "Describe the picture.",
            Rejected = "Two red cups stand on the table.",
            Chosen = "One red cup stands on the table.",
            Segments =
            [
                new CorrectedSegment
                {
                    Rejected = new TextSpan(0, 18),
                    Chosen = new TextSpan(0, 18),
                    Type = HallucinationType.Number,
                    Annotator = "a7",
                },
            ],
            Origin = new PreferenceOrigin { Dataset = "kitchen", Id = "1", Model = "my-model-7b" },
        };
        #endregion

        #region write
        string path = Path.Combine(folder, "kitchen.parquet");
        PreferenceFile.Write(path, [example]);
        #endregion

        #region read
        foreach (PreferenceExample read in PreferenceFile.Read(path))
            WriteLine($"{read.Prompt} {read.Rejected} -> {read.Chosen} ({read.Segments.Count} segment)");
        #endregion

        Assert.Equal(["Describe the picture. Two red cups stand on the table. -> One red cup stands on the table. (1 segment)"], _lines);
        Assert.Equal([example], PreferenceFile.Read(path));
    }

    [Fact]
    public void SeveralPictures()
    {
        string folder = Folder;
        byte[] picture = Samples.Png;
        PreferenceExample example = Samples.Example();

        #region several-pictures
        PreferenceExample comparison = example.WithImages(
        [
            PreferenceImage.FromBytes(picture, "kitchen/before.png"),
            PreferenceImage.FromBytes(picture, "kitchen/after.png"),
        ]);
        PreferenceFile.Write(Path.Combine(folder, "comparisons.jsonl"), [comparison]);
        #endregion

        #region picture-places
        PreferenceExample between = comparison with
        {
            Prompt = "What differs between this  and this  picture?",
            ImagePlaces = [new ImagePlace(Turn: 0, Position: 26), new ImagePlace(Turn: 0, Position: 36)],
        };
        PreferenceFile.Write(Path.Combine(folder, "between.json"), [between]);
        #endregion

        Assert.Equal([comparison], PreferenceFile.Read(Path.Combine(folder, "comparisons.jsonl")));
        Assert.Equal([between], PreferenceFile.Read(Path.Combine(folder, "between.json")));
        Assert.Contains("What differs between this <image> and this <image> picture?", File.ReadAllText(Path.Combine(folder, "between.json")), StringComparison.Ordinal);
    }

    [Fact]
    public void BadRows()
    {
        string path = _temporary.WriteText("data.jsonl", """
            {"prompt":"p","chosen":"a","rejected":"b"}
            {"prompt":"p","chosen":"","rejected":"b"}
            {"prompt":"p","chosen":"c","rejected":"d"}
            """);

        #region bad-rows
        var options = new PreferenceReadOptions { OnBadRow = problem => WriteLine(problem.Message) };
        int good = PreferenceFile.Read(path, options).Count();
        #endregion

        Assert.Equal(2, good);
        Assert.Equal([$"{path}, row 2, column 'chosen': the answer is empty, expected text. Correct the row or leave it out."], _lines);
    }

    [Fact]
    public void Convert()
    {
        string folder = Folder;
        PreferenceFile.Write(Path.Combine(folder, "kitchen.parquet"), [Samples.Example()]);

        #region convert
        IEnumerable<PreferenceExample> examples = PreferenceFile.Read(Path.Combine(folder, "kitchen.parquet"));
        PreferenceFile.Write(Path.Combine(folder, "kitchen.json"), examples);
        PreferenceFile.Write(
            Path.Combine(folder, "kitchen.jsonl"),
            examples,
            new PreferenceWriteOptions { Format = PreferenceFormats.Trl });
        #endregion

        Assert.Equal(examples, PreferenceFile.Read(Path.Combine(folder, "kitchen.json")));
        Assert.Equal(examples, PreferenceFile.Read(Path.Combine(folder, "kitchen.jsonl")));
    }

    [Fact]
    public void Pictures()
    {
        string folder = Folder;
        Directory.CreateDirectory(Path.Combine(folder, "pictures"));
        File.WriteAllBytes(Path.Combine(folder, "pictures", "1.png"), Samples.Png);
        string path = _temporary.WriteText("data.json", """
            [{"conversations":[{"from":"human","value":"<image>What is this?"}],"images":["1.png"],
            "chosen":{"from":"gpt","value":"A cup."},"rejected":{"from":"gpt","value":"A dog."}}]
            """);

        #region pictures
        IEnumerable<PreferenceExample> examples = PreferenceFile.Read(path, new PreferenceReadOptions
        {
            ImageRoot = Path.Combine(folder, "pictures"),
            Images = ImageLoading.Path,
        });
        #endregion

        Assert.Equal(Path.Combine(folder, "pictures", "1.png"), Assert.Single(examples).Image!.Path);
    }

    [Fact]
    public void Diff()
    {
        #region diff
        string rejected = "A red car and two dogs in the sun.";
        string chosen = "A blue car and two dogs in the rain.";
        foreach (TextSegment segment in SegmentDiff.Words(rejected, chosen))
        {
            string before = rejected.Substring(segment.Rejected.Start, segment.Rejected.Length);
            string after = chosen.Substring(segment.Chosen.Start, segment.Chosen.Length);
            WriteLine($"{before} -> {after}");
        }
        #endregion

        Assert.Equal(["red -> blue", "sun -> rain"], _lines);
    }

    [Fact]
    public void Weights()
    {
        #region weights-tokens
        int[] rejectedIds = [319, 2654, 1559, 29889];
        int[] chosenIds = [319, 7254, 1559, 29889];
        PairWeights weights = TokenWeights.FromTokens<int>(rejectedIds, chosenIds, gamma: 5);
        WriteLine(string.Join(' ', weights.Chosen));
        #endregion

        PreferenceExample example = Samples.Example() with { Segments = [], Rejected = "A red car", Chosen = "A blue car" };

        #region weights-segments
        TextSpan[] rejectedTokens = [new(0, 1), new(1, 4), new(5, 4)];
        TextSpan[] chosenTokens = [new(0, 1), new(1, 5), new(6, 4)];
        PairWeights bySegments = TokenWeights.FromSegments(SegmentDiff.Segments(example), rejectedTokens, chosenTokens, gamma: 5);
        #endregion

        Assert.Equal(["1 5 1 1"], _lines);
        Assert.Equal([1f, 5f, 1f], bySegments.Rejected);
    }

    [Fact]
    public void Statistics()
    {
        string folder = Folder;
        PreferenceFile.Write(Path.Combine(folder, "kitchen.parquet"), [Samples.Example()]);

        #region statistics
        var statistics = PreferenceStatistics.Compute(PreferenceFile.Read(Path.Combine(folder, "kitchen.parquet")));
        WriteLine($"{statistics.SegmentsPerExample.Mean:0.00} segments in {statistics.ChosenWords.Mean:0.0} words");
        File.WriteAllText(Path.Combine(folder, "statistics.md"), statistics.ToMarkdown());
        File.WriteAllText(Path.Combine(folder, "types.svg"), statistics.ToSvg());
        #endregion

        Assert.StartsWith("2", Assert.Single(_lines), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(folder, "types.svg")));
    }

    [Fact]
    public void Validation()
    {
        string folder = Folder;
        PreferenceExample good = Samples.Example() with { Segments = [] };
        PreferenceExample equalAnswers = Samples.Example(1) with { Segments = [], Chosen = good.Rejected };
        PreferenceFile.Write(Path.Combine(folder, "raw.jsonl"), [good, equalAnswers]);

        #region validation
        ValidationReport report = PreferenceValidator.Separate(
            Path.Combine(folder, "raw.jsonl"),
            cleanPath: Path.Combine(folder, "clean.parquet"),
            refusedPath: Path.Combine(folder, "refused.jsonl"));
        WriteLine($"{report.Clean} clean, {report.Refused} refused");
        #endregion

        Assert.Equal(["1 clean, 1 refused"], _lines);
    }

    [Fact]
    public void Sampling()
    {
        PreferenceExample[] corrections = [.. Enumerable.Range(0, 40).Select(WithOwnPicture)];
        PreferenceExample[] ranked = [.. Enumerable.Range(100, 40).Select(WithOwnPicture)];

        #region sampling
        var splitter = new PreferenceSplitter(seed: 7, 0.9, 0.1);
        IEnumerable<PreferenceExample> training = splitter.Part(corrections, 0);
        IEnumerable<PreferenceExample> counts = training.WithType(HallucinationType.Number).FromModel("micro");
        IEnumerable<PreferenceExample> mixed = PreferenceMixer.Mix([new(training, weight: 3), new(ranked, weight: 1)], seed: 7);
        #endregion

        Assert.Equal(training, counts);
        Assert.Equal(training.Count() + 40, mixed.Count());
        Assert.InRange(training.Count(), 28, 40);
    }

    [Fact]
    public async Task Correction()
    {
        string folder = Folder;
        byte[] picture = Samples.Png;
        IChatClient judge = new TestChatClient(
            """
            {
              "corrected": "One red cup stands on the table.",
              "corrections": [{ "wrong": "Two red cups stand", "right": "One red cup stands", "type": "number" }]
            }
            """);

        #region correction
        var assistant = new CorrectionAssistant(judge, new CorrectionAssistantOptions { MaximumConcurrency = 8 });
        CorrectionRequest[] requests =
        [
            new()
            {
                Image = PreferenceImage.FromBytes(picture, "kitchen/0001.png"),
                Prompt = "Describe the picture.",
                Answer = "Two red cups stand on the table.",
            },
        ];

        var pairs = new List<PreferenceExample>();
        await foreach (CorrectionResult result in assistant.CorrectAllAsync(requests))
        {
            if (result.Example is { } pair)
                pairs.Add(pair);
            else if (result.Failure is { } failure)
                WriteLine(failure.Message);
        }

        PreferenceFile.Write(Path.Combine(folder, "corrected.parquet"), pairs);
        #endregion

        Assert.Empty(_lines);
        Assert.Equal(pairs, PreferenceFile.Read(Path.Combine(folder, "corrected.parquet")).Select(pair => pair with { Origin = new() }));
        Assert.All(pairs[0].Segments, segment => Assert.Equal(HallucinationType.Number, segment.Type));
    }

    private static PreferenceExample WithOwnPicture(int index) =>
        Samples.Example(index) with { Image = PreferenceImage.FromBytes((byte[])[.. Samples.Png, (byte)index]) };

    private void WriteLine(string text) => _lines.Add(text);
}
