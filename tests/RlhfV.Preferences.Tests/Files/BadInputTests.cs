using System.Text;

namespace RlhfV.Preferences.Tests.Files;

public sealed class BadInputTests
{
    private const string Good = """{"prompt":"p","chosen":"c","rejected":"r"}""";

    [Fact]
    public void Read_MissingFile_NamesIt()
    {
        var error = Assert.Throws<FileNotFoundException>(() => PreferenceFile.Read("/nowhere/data.parquet"));

        Assert.Equal("/nowhere/data.parquet", error.FileName);
        Assert.Contains("/nowhere/data.parquet", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_Folder_SaysThatItIsOne()
    {
        using var folder = new TemporaryFolder();

        Assert.Contains(
            "is a folder", Assert.Throws<FileNotFoundException>(() => PreferenceFile.Read(folder.Root)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("""{"a":1}""")]
    [InlineData("PAR1 but not parquet PAR1")]
    public void Read_UnknownContent_SaysWhatItFound(string content)
    {
        using var folder = new TemporaryFolder();
        string path = folder.WriteText("data", content);

        var error = Assert.Throws<PreferenceDataException>(() => PreferenceFile.Read(path));

        Assert.Equal(path, error.File);
        Assert.Null(error.Row);
    }

    [Fact]
    public void Read_ParquetWithoutTheColumns_NamesFoundAndKnown()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("other.parquet");
        WriteOtherParquet(path);

        var error = Assert.Throws<PreferenceDataException>(() => PreferenceFile.Read(path));
        var forced = Assert.Throws<PreferenceDataException>(
            () => PreferenceFile.Read(path, new PreferenceReadOptions { Format = PreferenceFormats.RlhfVParquet }).ToList());

        Assert.Contains("columns something", error.Message, StringComparison.Ordinal);
        Assert.Contains(PreferenceFormats.RlhfVParquet.Name, error.Message, StringComparison.Ordinal);
        Assert.Equal("text", forced.Column);
    }

    [Theory]
    [InlineData("""{"prompt":"p","chosen":"","rejected":"r"}""", "chosen")]
    [InlineData("""{"prompt":"p","chosen":"c","rejected":" \n"}""", "rejected")]
    [InlineData("""{"prompt":"p","rejected":"r"}""", null)]
    [InlineData("""{"prompt":null,"chosen":"c","rejected":"r"}""", null)]
    [InlineData("""{"prompt":5,"chosen":"c","rejected":"r"}""", "$.prompt")]
    [InlineData("""{"prompt":"\ud83d","chosen":"c","rejected":"r"}""", "$.prompt")]
    [InlineData("""{"prompt":"p","chosen":"c","rejected":"r","image":{"bytes":"////"}}""", "image")]
    [InlineData("""{"prompt":"p","chosen":"c","rejected":"r","image":{"bytes":""}}""", "image")]
    [InlineData("""{"prompt":"p","chosen":"c","rejected":"r","image":{}}""", "image")]
    [InlineData("""{"prompt":"p","chosen":"c","rejected":"r","image":{"path":"absent.png"}}""", "image")]
    [InlineData("""{"prompt":"p","chosen":"c","rejected":"r","image":5}""", "$.image")]
    [InlineData("""{"prompt":"p","chosen":"c","rejected":"r","image":{"path":5}}""", "$.image")]
    [InlineData("""{"prompt":"p","chosen":"c","rejected":"r","image":{"bytes":"no-base64!"}}""", "$.image")]
    [InlineData("""{"prompt":"p","chosen":"c","rejected":"r","image":"absent.png"}""", "image")]
    [InlineData("""[1]""", null)]
    [InlineData("""null""", null)]
    [InlineData("""{"prompt":""", null)]
    public void Read_BadJsonLine_NamesRowAndColumnAndGoesOn(string line, string? column)
    {
        using var folder = new TemporaryFolder();
        string path = folder.WriteText("data.jsonl", $"{Good}\n\n{line}\n{Good}");
        var problems = new List<PreferenceDataException>();

        PreferenceExample[] read = [.. PreferenceFile.Read(path, new PreferenceReadOptions { OnBadRow = problems.Add })];

        Assert.Equal(2, read.Length);
        PreferenceDataException problem = Assert.Single(problems);
        Assert.Equal(path, problem.File);
        Assert.Equal(3, problem.Row);
        if (column is not null)
            Assert.Equal(column, problem.Column);
        Assert.StartsWith($"{path}, row 3", problem.Message, StringComparison.Ordinal);
        Assert.Throws<PreferenceDataException>(() => PreferenceFile.Read(path).ToList());
    }

    [Fact]
    public void Read_PictureAsAPath_IsLookedUpBesideTheFile()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("kitchen.png"), Samples.Png);
        string path = folder.WriteText("data.jsonl", """
            {"image":"kitchen.png","prompt":"p","chosen":"c","rejected":"r"}
            {"image":{"path":"kitchen.png"},"more_images":["kitchen.png"],"prompt":"p","chosen":"c","rejected":"r"}
            """);

        PreferenceExample[] read = [.. PreferenceFile.Read(path)];

        Assert.All(read, example => Assert.Equal(PreferenceImage.FromBytes(Samples.Png, "kitchen.png"), example.Image));
        Assert.Equal(read[1].Image, Assert.Single(read[1].MoreImages));
    }

    [Theory]
    [InlineData("hello", "LineNumber")]
    [InlineData("""{"prompt":"p","chosen":"c","rejected":"r","image":5}""", "RlhfV.Preferences.")]
    [InlineData("""{"prompt":"p","rejected":"r"}""", "RlhfV.Preferences.")]
    public void Read_BadJsonLine_SpeaksOfTheFileNotOfTheReader(string line, string inside)
    {
        using var folder = new TemporaryFolder();
        string path = folder.WriteText("data.jsonl", $"{Good}\n{line}");

        var problem = Assert.Throws<PreferenceDataException>(() => PreferenceFile.Read(path).ToList());

        Assert.DoesNotContain(inside, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"rejected":{"start":0,"length":9},"chosen":{"start":0,"length":1},"type":"object"}""", "segments[0].rejected")]
    [InlineData("""{"rejected":{"start":-1,"length":1},"chosen":{"start":0,"length":1},"type":"object"}""", "segments[0].rejected")]
    [InlineData("""{"rejected":{"start":0,"length":0},"chosen":{"start":1,"length":0},"type":"object"}""", "segments[0]")]
    [InlineData("""{"rejected":{"start":0},"chosen":{"start":0,"length":1},"type":"object"}""", "$.segments[0].rejected")]
    [InlineData("""{"rejected":{"start":0,"length":1},"chosen":{"start":0,"length":1},"type":" "}""", "$.segments[0].type")]
    public void Read_BadSegment_NamesItsPlace(string segment, string column)
    {
        using var folder = new TemporaryFolder();
        string path = folder.WriteText(
            "data.jsonl", $$"""{"prompt":"p","chosen":"c","rejected":"r","segments":[{{segment}}]}""");

        Assert.Equal(column, Assert.Throws<PreferenceDataException>(() => PreferenceFile.Read(path).ToList()).Column);
    }

    [Theory]
    [InlineData("""[{"prompt":"p","chosen":"c","rejected":"r"}]""", "row 1: is not one JSON object on one line.")]
    [InlineData("""{"prompt":5,"chosen":"c","rejected":"r"}""", "'$.prompt': Cannot get the value of a token type 'Number' as a string.")]
    [InlineData("""{"prompt":"p","chosen":"c","rejected":"r","image":[]}""", "'$.image': a picture is a list, expected a path")]
    [InlineData("""{"prompt":"p","chosen":"c","rejected":"r","image":{"path":5}}""", "'path' of a picture is a number, expected a text.")]
    [InlineData("""{"prompt":"p","chosen":"c","rejected":"r","origin":7}""", "column '$.origin': is not an object.")]
    [InlineData("""{"prompt":"p","chosen":"c","rejected":"r","segments":{}}""", "column '$.segments': is not a list.")]
    [InlineData("""{"prompt":"p","chosen":"c","rejected":"r","segments":[{"rejected":"r","chosen":"c"}]}""", "is not a stretch of text such as {\"start\"")]
    [InlineData("""{"prompt":"p","chosen":"c","rejected":"r","segments":[{"rejected":{"start":"0","length":1}}]}""", "start': Cannot get the value of a token type 'String' as a number.")]
    public void Read_ValueOfAnotherKind_SaysWhichIsExpected(string line, string message)
    {
        using var folder = new TemporaryFolder();
        string path = folder.WriteText("data.jsonl", line);
        var options = new PreferenceReadOptions { Format = PreferenceFormats.JsonLines };

        Assert.Contains(
            message, Assert.Throws<PreferenceDataException>(() => PreferenceFile.Read(path, options).ToList()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_Base64InPlaceOfAPath_SaysWhereItBelongs()
    {
        using var folder = new TemporaryFolder();
        string base64 = Convert.ToBase64String(new byte[6000]);
        string path = folder.WriteText("data.jsonl", $$"""{"prompt":"p","chosen":"c","rejected":"r","image":"{{base64}}"}""");

        string message = Assert.Throws<PreferenceDataException>(() => PreferenceFile.Read(path).ToList()).Message;

        Assert.Contains("of 8000 characters is too long for a path", message, StringComparison.Ordinal);
        Assert.InRange(message.Length, 1, 400);
    }

    [Fact]
    public void Read_ByteOrderMarkAndWindowsLineEnds_AreAccepted()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("data.jsonl");
        File.WriteAllText(path, $"{Good}\r\n{Good}\r\n", new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));

        Assert.Equal(2, PreferenceFile.Read(path).Count());
    }

    [Fact]
    public void Read_InvalidUtf8_IsABadRow()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("data.jsonl");
        byte[] prompt = [0xFF, 0xFE];
        byte[] line = [.. "{\"prompt\":\""u8, .. prompt, .. "\",\"chosen\":\"c\",\"rejected\":\"r\"}"u8];
        File.WriteAllBytes(path, [.. Encoding.UTF8.GetBytes(Good), (byte)'\n', .. line]);

        Assert.Equal(2, Assert.Throws<PreferenceDataException>(() => PreferenceFile.Read(path).ToList()).Row);
    }

    [Theory]
    [InlineData("../outside.png")]
    [InlineData("a/../../outside.png")]
    [InlineData("..\\outside.png")]
    [InlineData("/etc/hostname")]
    [InlineData("link.png")]
    [InlineData("linked/outside.png")]
    [InlineData("https://example.org/a.png")]
    [InlineData("twice.png")]
    public void Read_PictureOutsideTheRoot_IsRefused(string name)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("outside.png"), Samples.Png);
        string path = folder.WriteText(
            "root/data.json", LlamaFactory("<image>p", $"\"{name.Replace("\\", "\\\\", StringComparison.Ordinal)}\""));
        File.CreateSymbolicLink(folder.File("root/link.png"), folder.File("outside.png"));
        Directory.CreateSymbolicLink(folder.File("root/linked"), folder.Root);
        File.CreateSymbolicLink(folder.File("root/twice.png"), folder.File("root/linked/outside.png"));

        var error = Assert.Throws<PreferenceDataException>(() => PreferenceFile.Read(path).ToList());

        Assert.Equal((1, "image"), (error.Row, error.Column));
    }

    [Fact]
    public void Read_PictureBelowAnotherRoot_IsFound()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("pictures"));
        File.WriteAllBytes(folder.File("pictures/a.png"), Samples.Png);
        string path = folder.WriteText("data.json", LlamaFactory("<image>p", "\"a.png\""));

        var bytes = new PreferenceReadOptions { ImageRoot = folder.File("pictures") };
        var paths = bytes with { Images = ImageLoading.Path };

        Assert.Equal(PreferenceImage.FromBytes(Samples.Png, "a.png"), Assert.Single(PreferenceFile.Read(path, bytes)).Image);
        PreferenceImage image = Assert.Single(PreferenceFile.Read(path, paths)).Image!;
        Assert.Null(image.Bytes);
        Assert.Equal(Samples.Png, File.ReadAllBytes(image.Path!));
    }

    [Theory]
    [InlineData("p", "\"a.png\"", "conversations")]
    [InlineData("<image><image>p", "\"a.png\"", "conversations")]
    [InlineData("<image>p", "", "conversations")]
    [InlineData("<image>p", "\"a.png\",\"b.png\"", "conversations")]
    [InlineData("<image>p", "5", "images")]
    public void Read_PicturesThatDoNotFitTheConversation_AreRefused(string text, string images, string column)
    {
        using var folder = new TemporaryFolder();
        string path = folder.WriteText("data.json", LlamaFactory(text, images));

        Assert.Equal(column, Assert.Throws<PreferenceDataException>(() => PreferenceFile.Read(path).ToList()).Column);
    }

    [Theory]
    [InlineData("<image>\\nWhat?", "What?")]
    [InlineData("What?\\n<image>", "What?")]
    [InlineData("<image>What?", "What?")]
    public void Read_PictureTokenAtEitherEnd_IsTakenOut(string text, string prompt)
    {
        using var folder = new TemporaryFolder();
        string inline = $"\"data:image/png;base64,{Convert.ToBase64String(Samples.Png)}\"";
        string path = folder.WriteText("data.json", LlamaFactory(text, inline));

        PreferenceExample example = Assert.Single(PreferenceFile.Read(path));

        Assert.Equal(prompt, example.Prompt);
        Assert.Equal(Samples.Png, example.Image!.Bytes!.Value.ToArray());
    }

    [Fact]
    public void Read_JsonListThatBreaksOff_KeepsTheRowsBefore()
    {
        using var folder = new TemporaryFolder();
        string path = folder.WriteText("data.json", LlamaFactory("p", "")[..^1] + ",{\"conversations\":[");
        var problems = new List<PreferenceDataException>();

        Assert.Single(PreferenceFile.Read(path, new PreferenceReadOptions { OnBadRow = problems.Add }));

        Assert.Equal(2, Assert.Single(problems).Row);
    }

    [Fact]
    public void Read_LongJsonList_IsReadPieceByPiece()
    {
        using var folder = new TemporaryFolder();
        string record = LlamaFactory(new string('x', 300_000), "")[1..^1];
        string path = folder.WriteText("data.json", $"[ {string.Join(" ,\n", Enumerable.Repeat(record, 7))} ]");

        Assert.Equal(7, PreferenceFile.Read(path).Count());
    }

    [Fact]
    public void Read_LongJsonLine_IsReadWhole()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("data.jsonl");
        int[] lengths = [10, 300_000, 5, 2_000_000];
        PreferenceExample[] examples = [.. lengths.Select(length => Samples.Example() with { Prompt = new string('x', length) })];

        PreferenceFile.Write(path, examples);

        Assert.Equal(examples, PreferenceFile.Read(path));
    }

    [Fact]
    public void Write_HalfASurrogatePair_IsRefused()
    {
        using var folder = new TemporaryFolder();

        var error = Assert.Throws<PreferenceDataException>(
            () => PreferenceFile.Write(folder.File("a.jsonl"), [Samples.Example() with { Prompt = "a\ud83d" }]));

        Assert.Equal("prompt", error.Column);
    }

    [Fact]
    public void Write_UnknownExtension_NamesTheKnownOnes() => Assert.Contains(
        ".parquet", Assert.Throws<ArgumentException>(() => PreferenceFile.Write("data.xyz", [])).Message, StringComparison.Ordinal);

    [Fact]
    public void Write_MissingFolder_NamesIt() =>
        Assert.Throws<DirectoryNotFoundException>(() => PreferenceFile.Write("/nowhere/at/all/data.jsonl", []));

    [Fact]
    public void Write_StorageTheFormatLacks_IsRefused()
    {
        using var folder = new TemporaryFolder();

        Assert.Throws<ArgumentException>(() => PreferenceFile.Write(
            folder.File("a.parquet"), [Samples.Example()], new PreferenceWriteOptions { Images = ImageStorage.Folder }));
    }

    [Theory]
    [InlineData("data.tsv")]
    [InlineData("data-2.tsv")]
    public void Write_TsvWithoutItsRowCount_SaysHowToNameIt(string name)
    {
        using var folder = new TemporaryFolder();

        var error = Assert.Throws<ArgumentException>(() => PreferenceFile.Write(folder.File(name), [Samples.Example()]));

        Assert.Contains("before the extension", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.Root));
    }

    [Fact]
    public void Write_TwoPicturesOfOneName_KeepsBoth()
    {
        using var folder = new TemporaryFolder();
        byte[] other = [.. Samples.Png, 0];
        PreferenceExample[] examples =
        [
            Samples.Example() with { Image = PreferenceImage.FromBytes(Samples.Png, "a.png") },
            Samples.Example() with { Image = PreferenceImage.FromBytes(other, "a.png") },
            Samples.Example() with { Image = PreferenceImage.FromBytes(other, "../up.png") },
            Samples.Example() with { Image = PreferenceImage.FromBytes(other) },
        ];

        PreferenceFile.Write(folder.File("data.json"), examples);

        Assert.Equal(
            examples.Select(example => example.Image!.Bytes!.Value.ToArray()),
            PreferenceFile.Read(folder.File("data.json")).Select(example => example.Image!.Bytes!.Value.ToArray()));
    }

    [Fact]
    public void Write_JsonLinesWithFolder_StoresPicturesBesideThem()
    {
        using var folder = new TemporaryFolder();

        PreferenceFile.Write(folder.File("data.jsonl"), [Samples.Example(4)], new PreferenceWriteOptions { Images = ImageStorage.Folder });

        Assert.Equal(Samples.Png, File.ReadAllBytes(folder.File("pictures/4.png")));
        Assert.Equal([Samples.Example(4)], PreferenceFile.Read(folder.File("data.jsonl")));
    }

    [Fact]
    public void Write_LlamaFactory_RegistersTheDataSetOnce()
    {
        using var folder = new TemporaryFolder();

        PreferenceFile.Write(folder.File("mine.json"), [Samples.Example()]);
        string first = File.ReadAllText(folder.File("dataset_info.json"));
        PreferenceFile.Write(folder.File("other.json"), [Samples.Example()]);

        Assert.Contains("\"mine\"", first, StringComparison.Ordinal);
        Assert.Equal(first, File.ReadAllText(folder.File("dataset_info.json")));
    }

    private static string LlamaFactory(string text, string images) =>
        $$"""
        [{"conversations":[{"from":"human","value":"{{text}}"}],"images":[{{images}}],
        "chosen":{"from":"gpt","value":"c"},"rejected":{"from":"gpt","value":"r"} }]
        """;

    private static void WriteOtherParquet(string path)
    {
        using FileStream stream = File.Create(path);
        var column = new ParquetTextColumn("something");
        var table = new ParquetWriterTable(stream, [column]);
        column.Add("x");
        table.EndRow(0);
        table.Complete();
    }
}
