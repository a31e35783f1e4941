namespace RlhfV.Preferences.Tests.Files;

/// <summary>What becomes of no, one, two and three pictures in every format: all of them are kept, or the example is refused.</summary>
public sealed class SeveralPicturesTests
{
    private static readonly Dictionary<string, IPreferenceFormat> Formats = PreferenceFormats.All.ToDictionary(format => format.Name);

    private static readonly IPreferenceFormat[] WithRoomForSeveral =
        [PreferenceFormats.JsonLines, PreferenceFormats.Trl, PreferenceFormats.LlamaFactory];

    public static TheoryData<string, int> Counts
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (IPreferenceFormat format in PreferenceFormats.All)
            {
                // Muffin's rows have a picture each.
                for (int count = format == PreferenceFormats.MuffinTsv ? 1 : 0; count <= 3; count++)
                    data.Add(format.Name, count);
            }

            return data;
        }
    }

    public static TheoryData<string> Several => [.. WithRoomForSeveral.Select(format => format.Name)];

    [Theory]
    [MemberData(nameof(Counts))]
    public void Write_Pictures_AreReadBackOrRefusedByNumber(string format, int count)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File($"a-2{Formats[format].Extension}");
        PreferenceExample[] examples = [Samples.Example(1), Samples.Example(2).WithImages(Samples.Pictures(count))];
        var options = new PreferenceWriteOptions { Format = Formats[format] };

        if (count > 1 && !WithRoomForSeveral.Contains(Formats[format]))
        {
            var error = Assert.Throws<PreferenceDataException>(() => PreferenceFile.Write(path, examples, options));

            Assert.Equal((2, "image"), (error.Row, error.Column));
            Assert.StartsWith($"the example has {count} pictures, and the format has room for 1. Write ", error.Reason, StringComparison.Ordinal);
            Assert.Empty(Directory.GetFiles(folder.Root));
            return;
        }

        PreferenceFile.Write(path, examples, options);

        Assert.Equal(examples, PreferenceFile.Read(path));
    }

    [Theory]
    [MemberData(nameof(Several))]
    public void Read_ConversationWithPictures_KeepsTurnsAndPictures(string format)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File($"a{Formats[format].Extension}");
        PreferenceExample example = Samples.Example().WithImages(Samples.Pictures(3)) with
        {
            History =
            [
                new PreferenceTurn(PreferenceRole.System, "Be exact."),
                new PreferenceTurn(PreferenceRole.User, "\nWhat differs?"),
                new PreferenceTurn(PreferenceRole.Assistant, "The colour."),
            ],
        };

        PreferenceFile.Write(path, [example], new PreferenceWriteOptions { Format = Formats[format] });

        Assert.Equal(example, Assert.Single(PreferenceFile.Read(path)));
        PreferenceExample located = Assert.Single(PreferenceFile.Read(path, new() { Images = ImageLoading.Path }));
        if (format != PreferenceFormats.JsonLines.Name)
            Assert.Equal(example.Images.Select(image => image.Bytes!.Value.ToArray()), located.Images.Select(image => File.ReadAllBytes(image.Path!)));
    }

    /// <summary>Places between words, in later turns, at both ends, beside line breaks and blanks, and such as say what is usual.</summary>
    public static TheoryData<string, string, string, int> Places
    {
        get
        {
            var data = new TheoryData<string, string, string, int>();
            foreach (IPreferenceFormat format in PreferenceFormats.All)
            {
                (string First, string Second)[] conversations =
                [
                    ("What <image> is this?", "And?"), ("What?", "And <image>?"), ("<image>", "And?"), ("What?<image>", "And?"), ("What?\n<image>", "And?"),
                    ("<image>\nWhat?", "And?"), ("🙂<image>🙂", "And?"), ("What?", "<image>"),
                ];
                foreach ((string first, string second) in conversations)
                    data.Add(format.Name, first, second, 1);
                if (!WithRoomForSeveral.Contains(format))
                    continue;
                (string First, string Second)[] several =
                [
                    ("Before: <image> After: <image>", "Which is better?"), ("<image>What differs?<image>", "Why?"), ("<image> <image>\nWhat?", "Why?"),
                    ("<image>\nWhat?", "And here?\n<image>"), ("<image><image>\n\nWhat?", "Why?"), ("What?\n\n<image><image>", "Why?"), ("<image>\n<image>", "Why?"),
                ];
                foreach ((string first, string second) in several)
                    data.Add(format.Name, first, second, 2);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void Write_Places_AreReadBackToTheLetter(string format, string first, string second, int count)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File($"a-1{Formats[format].Extension}");
        var places = new List<ImagePlace>();
        PreferenceExample example = Samples.Example() with
        {
            History =
            [
                new PreferenceTurn(PreferenceRole.System, "Be exact."),
                new PreferenceTurn(PreferenceRole.User, Without(first, 1)),
                new PreferenceTurn(PreferenceRole.Assistant, "This."),
            ],
            Prompt = Without(second, 3),
        };
        example = example.WithImages(Samples.Pictures(count)) with { ImagePlaces = places };

        PreferenceFile.Write(path, [example], new PreferenceWriteOptions { Format = Formats[format] });

        Assert.Equal(example, Assert.Single(PreferenceFile.Read(path)));

        string Without(string text, int turn)
        {
            for (int at; (at = text.IndexOf("<image>", StringComparison.Ordinal)) >= 0; text = text.Remove(at, "<image>".Length))
                places.Add(new ImagePlace(turn, at));
            return text;
        }
    }

    [Theory]
    [InlineData(1, "image_places", "there are 1 places for 2 pictures")]
    [InlineData(3, "image_places", "there are 3 places for 2 pictures")]
    [InlineData(2, "image_places[1]", "stands at 99", 0, 99)]
    [InlineData(2, "image_places[1]", "stands at -1", 0, -1)]
    [InlineData(2, "image_places[1]", "names turn 7", 7, 0)]
    [InlineData(2, "image_places[1]", "names turn -1", -1, 0)]
    [InlineData(2, "image_places[1]", "in the middle of a character", 0, 3)]
    public void Write_PlacesThatAreNone_AreRefused(int count, string column, string reason, int turn = 0, int position = 0)
    {
        using var folder = new TemporaryFolder();
        PreferenceExample example = Samples.Example().WithImages(Samples.Pictures(2)) with
        {
            Prompt = "ab🙂cd",
            ImagePlaces = [.. Enumerable.Range(0, count).Select(i => i == 1 ? new ImagePlace(turn, position) : new ImagePlace(0, 0))],
        };

        var error = Assert.Throws<PreferenceDataException>(() => PreferenceFile.Write(folder.File("a.jsonl"), [example]));

        Assert.Equal(column, error.Column);
        Assert.Contains(reason, error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_PlacesOutOfOrderOrOfTheAssistant_AreRefused()
    {
        using var folder = new TemporaryFolder();
        PreferenceExample example = Samples.Example().WithImages(Samples.Pictures(2)) with
        {
            History = [new PreferenceTurn(PreferenceRole.User, "What?"), new PreferenceTurn(PreferenceRole.Assistant, "This.")],
        };

        Assert.Contains("the picture that comes first", ReasonOf(new(0, 3), new(0, 2)), StringComparison.Ordinal);
        Assert.Contains("the picture that comes first", ReasonOf(new(2, 0), new(0, 2)), StringComparison.Ordinal);
        Assert.Contains("none of the user", ReasonOf(new(0, 0), new(1, 0)), StringComparison.Ordinal);

        string ReasonOf(params ImagePlace[] places) => Assert.Throws<PreferenceDataException>(
            () => PreferenceFile.Write(folder.File("a.jsonl"), [example with { ImagePlaces = places }])).Reason;
    }

    [Fact]
    public void Write_JsonLinesWithFolder_StoresEveryPictureBesideThem()
    {
        using var folder = new TemporaryFolder();
        PreferenceExample example = Samples.Example().WithImages(
        [
            PreferenceImage.FromBytes(Samples.Png, "a.png"),
            PreferenceImage.FromBytes((byte[])[.. Samples.Png, 0], "a.png"),
            PreferenceImage.FromBytes(Samples.Png),
        ]);

        PreferenceFile.Write(folder.File("a.jsonl"), [example], new PreferenceWriteOptions { Images = ImageStorage.Folder });

        PreferenceExample read = Assert.Single(PreferenceFile.Read(folder.File("a.jsonl")));
        Assert.Equal(example.Images.Select(image => image.Bytes!.Value.ToArray()), read.Images.Select(image => image.Bytes!.Value.ToArray()));
        Assert.Equal(3, read.Images.Select(image => image.Path).Distinct().Count());
    }

    [Theory]
    [InlineData("""{"path":"absent.png"}""", "there is no picture 'absent.png'")]
    [InlineData("""{"bytes":"////"}""", "begins with FFFFFF")]
    [InlineData("""{"bytes":""}""", "is empty")]
    [InlineData("""{}""", "has neither bytes nor a path")]
    [InlineData("""{"path":"../a.png"}""", "leads out of the image root")]
    public void Read_OneBadPictureOfThree_SaysWhichAndKeepsTheOthersRows(string bad, string reason)
    {
        using var folder = new TemporaryFolder();
        string good = $$"""{"bytes":"{{Convert.ToBase64String(Samples.Png)}}"}""";
        string path = folder.WriteText("a.jsonl", $$"""
            {"prompt":"p","chosen":"c","rejected":"r","image":{{good}},"more_images":[{{bad}},{{good}}]}
            {"prompt":"p","chosen":"c","rejected":"r","image":{{good}},"more_images":[{{good}}]}
            """);
        var problems = new List<PreferenceDataException>();

        PreferenceExample read = Assert.Single(PreferenceFile.Read(path, new() { OnBadRow = problems.Add }));

        Assert.Equal(2, read.Images.Count);
        PreferenceDataException problem = Assert.Single(problems);
        Assert.Equal((1, "image"), (problem.Row, problem.Column));
        Assert.StartsWith("picture 2 of 3: ", problem.Reason, StringComparison.Ordinal);
        Assert.Contains(reason, problem.Reason, StringComparison.Ordinal);
        Assert.Contains(PreferenceValidator.Validate(path).Problems, found => found.Rule == ValidationRule.BrokenPicture);
    }

    [Theory]
    [InlineData("\"more_images\":[{\"path\":\"a.png\"}]", "more_images")]
    [InlineData("\"image\":{\"path\":\"a.png\"},\"more_images\":[null]", "more_images[0]")]
    [InlineData("\"image\":{\"path\":\"a.png\"},\"more_images\":null", null)]
    [InlineData("\"image\":{\"path\":\"a.png\"},\"images\":[\"a.png\"]", "images")]
    public void Read_PicturesWithoutAPlace_AreRefused(string keys, string? column)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("a.png"), Samples.Png);
        string path = folder.WriteText("a.jsonl", $$"""{"prompt":"p","chosen":"c","rejected":"r",{{keys}}}""");

        var error = Assert.Throws<PreferenceDataException>(() => PreferenceFile.Read(path).ToList());

        Assert.Equal(1, error.Row);
        if (column is not null)
            Assert.Equal(column, error.Column);
    }

    [Fact]
    public void Read_LineThatListsItsPictures_KeepsThem()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("a.png"), Samples.Png);
        File.WriteAllBytes(folder.File("b.png"), Samples.Png);
        string path = folder.WriteText("a.jsonl", """
            {"prompt":"p","chosen":"c","rejected":"r","images":["a.png","b.png"]}
            {"prompt":"say \"images\"","chosen":"c","rejected":"r","images":[]}
            """);

        PreferenceExample[] read = [.. PreferenceFile.Read(path)];

        Assert.Equal(["a.png", "b.png"], read[0].Images.Select(image => image.Path));
        Assert.Empty(read[1].Images);
    }

    [Theory]
    [InlineData("prompt")]
    [InlineData("chosen")]
    [InlineData("rejected")]
    public void Write_LlamaFactoryTextThatHoldsTheMark_IsRefusedByColumn(string column)
    {
        using var folder = new TemporaryFolder();
        PreferenceExample example = Samples.Example() with { Segments = [] };
        PreferenceExample bad = column switch
        {
            "prompt" => example with { Prompt = "What does <image> mean?" },
            "chosen" => example with { Chosen = "It says <image>." },
            _ => example with { Rejected = "It says <image>." },
        };

        var error = Assert.Throws<PreferenceDataException>(() => PreferenceFile.Write(folder.File("a.json"), [example, bad]));

        Assert.Equal((2, column), (error.Row, error.Column));
    }

    [Fact]
    public void Write_PictureWithoutAFirstOne_IsRefused()
    {
        using var folder = new TemporaryFolder();
        PreferenceExample example = Samples.Example().WithImages(Samples.Pictures(2)) with { Image = null };

        Assert.All(WithRoomForSeveral, format => Assert.Equal("more_images", Assert.Throws<PreferenceDataException>(
            () => PreferenceFile.Write(folder.File("a"), [example], new PreferenceWriteOptions { Format = format })).Column));
    }

    [Fact]
    public void Write_SecondPictureIsNone_SaysWhich()
    {
        using var folder = new TemporaryFolder();
        PreferenceExample example = Samples.Example().WithImages([Samples.Pictures(1)[0], PreferenceImage.FromBytes("text"u8.ToArray())]);

        Assert.All(WithRoomForSeveral, format => Assert.StartsWith(
            "picture 2 of 2: the picture of 4 bytes",
            Assert.Throws<PreferenceDataException>(
                () => PreferenceFile.Write(folder.File("a"), [example], new PreferenceWriteOptions { Format = format })).Reason,
            StringComparison.Ordinal));
    }

    [Fact]
    public void Check_FormatThatSaysNothingOfSeveral_RefusesThem()
    {
        using var folder = new TemporaryFolder();
        var target = new PreferenceTarget(folder.File("a.own"), new PreferenceWriteOptions());
        PreferenceExample two = Samples.Example().WithImages(Samples.Pictures(2));

        target.Check(1, Samples.Example());
        target.Check(1, two, maximumPictures: 2);
        Assert.Throws<PreferenceDataException>(() => target.Check(1, two));
        Assert.Throws<ArgumentOutOfRangeException>(() => target.Check(1, two, maximumPictures: 0));
    }
}
