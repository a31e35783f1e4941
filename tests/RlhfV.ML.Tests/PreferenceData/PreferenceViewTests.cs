using Microsoft.ML;
using Microsoft.ML.Data;
using RlhfV.Goldens;
using RlhfV.Preferences;

namespace RlhfV.ML.Tests.PreferenceData;

public sealed class PreferenceViewTests
{
    private static readonly MLContext Ml = new(1);

    private static readonly PreferenceExample Full = new()
    {
        Image = PreferenceImage.FromBytes(Picture.Png(1), "pictures/1.png"),
        MoreImages = [PreferenceImage.FromBytes(Picture.Png(2)), PreferenceImage.FromBytes(Picture.Png(3), "pictures/3.png")],
        ImagePlaces = [new(1, 0), new(1, 5), new(3, 2)],
        History = [new(PreferenceRole.System, "Be brief."), new(PreferenceRole.User, "Hello"), new(PreferenceRole.Assistant, "Hi")],
        Prompt = "What is there?",
        Chosen = "A red cup.",
        Rejected = "A blue cup.",
        Segments =
        [
            new() { Chosen = new(2, 3), Rejected = new(2, 4), Type = HallucinationType.Attribute, Annotator = "a7", Time = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero) },
        ],
        Origin = new() { Dataset = "d", SourceDataset = "s", Split = "train", Id = "17", Model = "m", QuestionType = "q" },
        ReferenceLogProbs = new()
        {
            ChosenSum = -1.5,
            ChosenMean = -0.75,
            ChosenPerToken = [-1, -0.5],
            RejectedSum = -3,
            RejectedMean = -1.5,
            RejectedPerToken = [-1, -2],
        },
    };

    private static readonly PreferenceExample Bare = new() { Prompt = "Who?", Chosen = "You.", Rejected = "Me." };

    [Fact]
    public void LoadPreferences_ExamplesAndBack_LosesNothing()
    {
        IDataView data = Ml.VisionLanguage.LoadPreferences([Full, Bare]);

        Assert.Equal([Full, Bare], Ml.VisionLanguage.CreatePreferences(data));
    }

    [Fact]
    public void LoadPreferences_File_HoldsWhatTheReaderReads()
    {
        string path = GoldenData.Path("rlhfv", "g_data", "rlhf-v.parquet");

        IDataView data = Ml.VisionLanguage.LoadPreferences(path);

        PreferenceExample[] expected = [.. PreferenceFile.Read(path)];
        Assert.NotEmpty(expected);
        Assert.Equal(expected, Ml.VisionLanguage.CreatePreferences(data));
        Assert.Equal(expected.Select(e => e.Prompt), data.GetColumn<string>("Prompt"));
    }

    [Fact]
    public void LoadPreferences_Schema_NamesEveryColumn()
    {
        DataViewSchema schema = Ml.VisionLanguage.LoadPreferences([]).Schema;

        Assert.Equal(
            ["Image", "Prompt", "Chosen", "Rejected", "Segments", "History", "ImagePath", "Id", "Dataset", "SourceDataset", "Split", "Model", "QuestionType", "ReferenceLogProbs", "MoreImages", "ImagePlaces"],
            schema.Select(column => column.Name));
        Assert.Equal(new VectorDataViewType(NumberDataViewType.Byte), schema["Image"].Type);
        Assert.All(schema.Skip(1), column => Assert.Equal(TextDataViewType.Instance, column.Type));
    }

    [Fact]
    public void LoadPreferences_StockTransforms_SeeOrdinaryColumns()
    {
        IDataView data = Ml.VisionLanguage.LoadPreferences([Full, Bare, Full with { Prompt = "Third" }]);

        IDataView filtered = Ml.Data.FilterByCustomPredicate<PromptRow>(Ml.Data.Cache(data), row => row.Prompt == "Who?");

        Assert.Equal(["What is there?", "Third"], filtered.GetColumn<string>("Prompt"));
        Assert.Equal(Picture.Png(1), filtered.GetColumn<byte[]>("Image").First());
    }

    [Fact]
    public void LoadPreferences_PicturesNotNeeded_AreNotRead()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["1.png"], Picture.Png(1));
        File.WriteAllText(folder["p.jsonl"], """{"image":{"path":"1.png"},"prompt":"p","chosen":"c","rejected":"r"}""" + "\n");
        IDataView data = Ml.VisionLanguage.LoadPreferences(folder["p.jsonl"]);
        using var locked = new FileStream(folder["1.png"], FileMode.Open, FileAccess.Read, FileShare.Read);

        Assert.Equal(["p"], data.GetColumn<string>("Prompt"));
        Assert.Equal(Picture.Png(1), data.GetColumn<byte[]>("Image").Single());
    }

    [Fact]
    public void LoadPreferences_SeveralPictures_AreReadWhereAPictureColumnIsNeeded()
    {
        using var folder = new TemporaryFolder();
        PreferenceExample[] examples = [Full, Bare, Full with { MoreImages = [], ImagePlaces = [], Image = PreferenceImage.FromBytes(Picture.Png(4)) }];
        PreferenceFile.Write(
            folder["p.jsonl"], examples, new() { Images = ImageStorage.Folder }, TestContext.Current.CancellationToken);
        IDataView data = Ml.VisionLanguage.LoadPreferences(folder["p.jsonl"]);

        string[] more = [.. data.GetColumn<string>("MoreImages")];

        Assert.Equal(["", ""], more[1..]);
        Assert.Equal(2, System.Text.Json.JsonDocument.Parse(more[0]).RootElement.EnumerateArray().Count(image => image.TryGetProperty("bytes", out _)));
        Assert.Equal([3, 0, 1], Ml.VisionLanguage.CreatePreferences(data).Select(example => example.Images.Count));
        Assert.Equal(PreferenceFile.Read(folder["p.jsonl"]), Ml.VisionLanguage.CreatePreferences(data));
    }

    [Fact]
    public void LoadPreferences_PicturesKnownByPath_ComeBack()
    {
        PreferenceExample example = Bare.WithImages([PreferenceImage.FromPath("a.png"), PreferenceImage.FromPath("b.png")]);
        IDataView data = Ml.VisionLanguage.LoadPreferences([example]);

        Assert.Equal(example, Ml.VisionLanguage.CreatePreferences(data).Single());
        Assert.Equal(
            ["a.png", Path.Combine("f", "b.png")],
            Ml.VisionLanguage.CreatePreferences(data, new() { ImageFolder = "f" }).Single().Images.Select(image => image.Path));
    }

    [Fact]
    public void CreatePreferences_ColumnOfPaths_IsNotOverruledByTheNameOfThePicture()
    {
        IDataView data = Ml.Data.LoadFromEnumerable([new PathRow()]);

        Assert.Equal(Path.Combine("f", "a.png"), Ml.VisionLanguage.CreatePreferences(
            data, new() { ImageColumnName = "ImagePath", ImageFolder = "f" }).Single().Image!.Path);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("{}")]
    public void CreatePreferences_MorePicturesThatAreNoList_NameRowAndColumn(string json)
    {
        IDataView data = Ml.Data.LoadFromEnumerable([new SegmentsRow(), new SegmentsRow { MoreImages = json }]);

        var problem = Assert.Throws<RowDataException>(() => Ml.VisionLanguage.CreatePreferences(data).ToArray());

        Assert.Equal((2, "MoreImages"), (problem.Row, problem.Column));
    }

    [Fact]
    public void LoadPreferences_MissingFile_ThrowsAtOnce() =>
        Assert.Throws<FileNotFoundException>(() => Ml.VisionLanguage.LoadPreferences("no-such-file.parquet"));

    [Fact]
    public void LoadPreferences_BadRow_ThrowsOrReportsAsAsked()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["p.jsonl"], """{"prompt":"p","chosen":"c","rejected":"r"}""" + "\n" + """{"prompt":"p","chosen":"","rejected":"r"}""" + "\n");
        var problems = new List<PreferenceDataException>();

        IDataView strict = Ml.VisionLanguage.LoadPreferences(folder["p.jsonl"]);
        IDataView lenient = Ml.VisionLanguage.LoadPreferences(folder["p.jsonl"], new() { OnBadRow = problems.Add });

        Assert.Equal(2, Assert.Throws<PreferenceDataException>(() => strict.GetColumn<string>("Prompt").ToArray()).Row);
        Assert.Single(lenient.GetColumn<string>("Prompt"));
        Assert.Equal(2, Assert.Single(problems).Row);
    }

    [Fact]
    public void LoadPreferences_PathsAskedFor_IsRefused() =>
        Assert.Throws<ArgumentException>(() => Ml.VisionLanguage.LoadPreferences("x", new() { Images = ImageLoading.Path }));

    [Fact]
    public void GetRowCursor_GetterOfInactiveColumn_IsRefused()
    {
        IDataView data = Ml.VisionLanguage.LoadPreferences([Bare]);
        using DataViewRowCursor cursor = data.GetRowCursor([data.Schema["Prompt"]]);

        Assert.True(cursor.IsColumnActive(data.Schema["Prompt"]));
        Assert.False(cursor.IsColumnActive(data.Schema["Chosen"]));
        Assert.Throws<ArgumentOutOfRangeException>(() => cursor.GetGetter<ReadOnlyMemory<char>>(data.Schema["Chosen"]));
        Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<float>(data.Schema["Prompt"]));
    }

    [Fact]
    public void GetRowCursor_Disposed_EndsTheReading()
    {
        bool ended = false;
        IDataView data = Ml.VisionLanguage.LoadPreferences(Examples());
        using (DataViewRowCursor cursor = data.GetRowCursor(data.Schema))
            Assert.True(cursor.MoveNext());

        Assert.True(ended);

        IEnumerable<PreferenceExample> Examples()
        {
            try
            {
                yield return Bare;
                yield return Bare;
            }
            finally
            {
                ended = true;
            }
        }
    }

    [Fact]
    public void CreatePreferences_SegmentsThatAreNoJson_NameRowAndColumn()
    {
        IDataView data = Ml.Data.LoadFromEnumerable([new SegmentsRow(), new SegmentsRow { Segments = "nonsense" }]);

        var problem = Assert.Throws<RowDataException>(() => Ml.VisionLanguage.CreatePreferences(data).ToArray());

        Assert.Equal((2, "Segments"), (problem.Row, problem.Column));
    }

    [Theory]
    [InlineData("Segments")]
    [InlineData("MoreImages")]
    [InlineData("History")]
    public void CreatePreferences_NullAmongEntries_NamesRowAndColumn(string column)
    {
        IDataView data = Ml.Data.LoadFromEnumerable([new SegmentsRow(), new SegmentsRow { Segments = "[null]" }]);
        IDataView renamed = Ml.Transforms.CopyColumns("List", "Segments").Append(Ml.Transforms.DropColumns("Segments"))
            .Append(Ml.Transforms.CopyColumns(column, "List")).Fit(data).Transform(data);

        var problem = Assert.Throws<RowDataException>(() => Ml.VisionLanguage.CreatePreferences(renamed).ToArray());

        Assert.Equal((2, column), (problem.Row, problem.Column));
        Assert.Contains("entry 1 of 1 is null", problem.Message);
    }

    [Fact]
    public void CreatePreferences_DisposedImage_NamesRowAndColumn()
    {
        using MLImage good = Picture.Image(1), gone = Picture.Image(2);
        gone.Dispose();
        IDataView data = Ml.Data.LoadFromEnumerable([new PixelsPreference { Image = good }, new PixelsPreference { Image = gone }]);

        var problem = Assert.Throws<RowDataException>(() => Ml.VisionLanguage.CreatePreferences(data).ToArray());

        Assert.Equal((2, "Image"), (problem.Row, problem.Column));
    }

    [Fact]
    public void LoadPreferences_NullAmongExamples_IsRefusedByItsNumber() => Assert.Contains(
        "row 2 is null",
        Assert.Throws<ArgumentException>(
            () => Ml.VisionLanguage.LoadPreferences([Pairs.Many(1)[0], null!]).GetColumn<string>("Prompt").ToArray()).Message);

    [Fact]
    public void CreatePreferences_NamedColumnMissing_IsRefusedWhereTheUsualOneIsNot()
    {
        IDataView data = Ml.Data.LoadFromEnumerable([new SegmentsRow()]);

        var problem = Assert.Throws<ArgumentOutOfRangeException>(
            () => Ml.VisionLanguage.CreatePreferences(data, new() { HistoryColumnName = "Before" }));

        Assert.Contains("'Before'", problem.Message);
        Assert.Single(Ml.VisionLanguage.CreatePreferences(data));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public void CreatePreferences_OptionalColumnsNamedByNothing_AreRefusedAtOnce(string name)
    {
        var names = new PreferenceColumnNames { SegmentsColumnName = name, IdColumnName = name, ReferenceLogProbsColumnName = name };

        var problem = Assert.Throws<ArgumentException>(() => Ml.VisionLanguage.CreatePreferences(Ml.VisionLanguage.LoadPreferences(Pairs.Many(1)), names));

        Assert.Equal("columns", problem.ParamName);
        Assert.All(["SegmentsColumnName", "IdColumnName", "ReferenceLogProbsColumnName"], option => Assert.Contains(option, problem.Message));
    }

    [Fact]
    public void CreatePreferences_PixelsColumn_EncodesThemWithoutLoss()
    {
        using MLImage image = Picture.Image(6);
        IDataView texts = Ml.Data.LoadFromEnumerable([new PixelsPreference { Image = image }]);

        PreferenceExample example = Ml.VisionLanguage.CreatePreferences(texts).Single();

        Assert.Equal(
            Models.ImageSource.FromBytes(Picture.Png(6)).Decode().Pixels,
            Models.ImageSource.FromBytes(example.Image!.Bytes!.Value).Decode().Pixels);
    }

    private sealed class PromptRow
    {
        public string Prompt { get; set; } = "";
    }

    private sealed class SegmentsRow
    {
        public byte[] Image { get; set; } = [];

        public string Prompt { get; set; } = "p";

        public string Chosen { get; set; } = "c";

        public string Rejected { get; set; } = "r";

        public string Segments { get; set; } = "";

        public string MoreImages { get; set; } = "";
    }

    private sealed class PathRow
    {
        public string ImagePath { get; set; } = "a.png";

        public string Prompt { get; set; } = "p";

        public string Chosen { get; set; } = "c";

        public string Rejected { get; set; } = "r";
    }

    private sealed class PixelsPreference
    {
        [Microsoft.ML.Transforms.Image.ImageType(Picture.Height, Picture.Width)]
        public MLImage? Image { get; set; }

        public string Prompt { get; set; } = "p";

        public string Chosen { get; set; } = "c";

        public string Rejected { get; set; } = "r";
    }
}
