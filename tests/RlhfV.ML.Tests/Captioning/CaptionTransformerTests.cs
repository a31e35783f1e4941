using Microsoft.ML;
using Microsoft.ML.Data;
using RlhfV.Models;
using RlhfV.Preferences;

namespace RlhfV.ML.Tests.Captioning;

public sealed class CaptionTransformerTests : IDisposable
{
    private readonly MLContext _ml = new(1);
    private readonly VisionLanguageModel _model = TinyModel.Load();

    public void Dispose() => _model.Dispose();

    [Fact]
    public void Transform_ManyRows_AnswersEachAsTheModelAloneWould()
    {
        BytesRow[] rows = BytesRow.Many(7);
        using CaptionTransformer transformer = Fit(new() { PromptColumnName = "Prompt", BatchSize = 3 });

        IDataView data = transformer.Transform(_ml.Data.LoadFromEnumerable(rows));

        Assert.Equal(rows.Select(row => TinyModel.Ask(_model, row.Prompt, row.Image)), data.GetColumn<string>("Caption"));
        Assert.Equal(rows.Select(row => row.Number), data.GetColumn<int>("Number"));
    }

    [Fact]
    public void Transform_SeveralPictures_AsksAboutAllOfThem()
    {
        PreferenceExample[] pairs = [.. Pairs.AboutTwo(2), .. Pairs.Many(1)];
        using CaptionTransformer transformer = Fit(new() { PromptColumnName = "Prompt", BatchSize = 2 });

        IDataView data = transformer.Transform(_ml.VisionLanguage.LoadPreferences(pairs));

        Assert.Equal(
            pairs.Select(pair => TinyModel.Ask(_model, pair.Prompt, [.. pair.Images.Select(image => image.Bytes!.Value.ToArray())])),
            data.GetColumn<string>("Caption"));
    }

    [Theory]
    [InlineData("nonsense", "is no list of pictures", "Others")]
    [InlineData("[{}]", "picture 2 of 2 has neither bytes nor a path", "Others")]
    [InlineData("""[{"path":"no-such.png"}]""", "no-such.png", "Image")]
    public void Transform_MorePicturesThatCannotBeUsed_AreReportedOrThrow(string json, string reason, string column)
    {
        IDataView rows = _ml.Data.LoadFromEnumerable([new OthersRow(), new OthersRow { Others = json }, new OthersRow()]);
        var problems = new List<RowDataException>();
        using CaptionTransformer strict = Fit(new() { MoreImagesColumnName = "Others" }, rows);
        using CaptionTransformer lenient = Fit(new() { MoreImagesColumnName = "Others", OnBadRow = problems.Add }, rows);

        var problem = Assert.Throws<RowDataException>(() => strict.Transform(rows).GetColumn<string>("Caption").ToArray());
        string[] answers = [.. lenient.Transform(rows).GetColumn<string>("Caption")];

        Assert.Equal((2, column), (problem.Row, problem.Column));
        Assert.Contains(reason, problem.Message, StringComparison.Ordinal);
        Assert.Equal(problem.Message, Assert.Single(problems).Message);
        Assert.Equal(("", answers[0]), (answers[1], answers[2]));
        Assert.NotEqual("", answers[0]);
    }

    [Fact]
    public void Transform_PassedThroughColumns_StayInStepWithAnswers()
    {
        BytesRow[] rows = BytesRow.Many(5);
        using CaptionTransformer transformer = Fit(new() { PromptColumnName = "Prompt", BatchSize = 2 });
        IDataView data = transformer.Transform(_ml.Data.LoadFromEnumerable(rows));

        var read = _ml.Data.CreateEnumerable<NumberedCaption>(data, reuseRowObject: false).ToArray();

        Assert.Equal(rows.Select(row => (row.Number, TinyModel.Ask(_model, row.Prompt, row.Image))), read.Select(r => (r.Number, r.Caption)));
    }

    [Fact]
    public void Transform_Shuffled_AnswersTheRowItStandsOn()
    {
        BytesRow[] rows = BytesRow.Many(9);
        using CaptionTransformer transformer = Fit(new() { PromptColumnName = "Prompt", BatchSize = 4 });
        IDataView data = transformer.Transform(_ml.Data.LoadFromEnumerable(rows));

        IDataView shuffled = _ml.Data.ShuffleRows(data, seed: 3);
        var read = _ml.Data.CreateEnumerable<NumberedCaption>(shuffled, reuseRowObject: false).ToArray();

        Assert.NotEqual(rows.Select(row => row.Number), read.Select(r => r.Number));
        Assert.All(read, r => Assert.Equal(TinyModel.Ask(_model, rows[r.Number].Prompt, rows[r.Number].Image), r.Caption));
    }

    [Fact]
    public void Transform_OtherColumnsRead_ComputesNothing()
    {
        CountingView data = Counted(5);
        CaptionTransformer transformer = Fit(new() { BatchSize = 2 });
        IDataView captioned = transformer.Transform(data);
        transformer.Dispose();

        Assert.Equal([0, 1, 2, 3, 4], captioned.GetColumn<int>("Number"));
        Assert.Equal(0, data.Values);
        Assert.Throws<ObjectDisposedException>(() => captioned.GetColumn<string>("Caption").First());
    }

    [Fact]
    public void Transform_ThreeRowsOfTen_RunsOneBatch()
    {
        CountingView data = Counted(10);
        using CaptionTransformer transformer = Fit(new() { BatchSize = 4 });

        string[] captions = [.. _ml.Data.TakeRows(transformer.Transform(data), 3).GetColumn<string>("Caption")];

        Assert.Equal(3, captions.Length);
        Assert.Equal(4, data.Values);
    }

    [Fact]
    public void Transform_SkippedRows_AreNotAnswered()
    {
        CountingView data = Counted(10);
        using CaptionTransformer transformer = Fit(new() { BatchSize = 2 });

        string[] captions = [.. _ml.Data.SkipRows(transformer.Transform(data), 8).GetColumn<string>("Caption")];

        Assert.Equal(2, captions.Length);
        Assert.Equal(2, data.Values);
        Assert.Equal(0, data.OpenCursors);
    }

    [Fact]
    public void Transform_EmptyQuestion_AsksTheDefault()
    {
        byte[] picture = Picture.Png(1);
        using CaptionTransformer transformer = Fit(new() { PromptColumnName = "Prompt", Prompt = "And what now?" });

        IDataView data = transformer.Transform(_ml.Data.LoadFromEnumerable([new BytesRow { Image = picture }]));

        Assert.Equal(TinyModel.Ask(_model, "And what now?", picture), data.GetColumn<string>("Caption").Single());
    }

    [Fact]
    public void Transform_EveryForm_GivesTheSameAnswer()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["p.png"], Picture.Png(2));
        using CaptionTransformer transformer = Fit(new() { ImageFolder = folder.Path });
        using MLImage image = Picture.Image(2);

        string bytes = Single(_ml.Data.LoadFromEnumerable([new BytesRow { Image = Picture.Png(2) }]));

        Assert.NotEmpty(bytes);
        Assert.Equal(bytes, Single(_ml.Data.LoadFromEnumerable([new PathRow { Image = "p.png" }])));
        Assert.Equal(bytes, Single(_ml.Data.LoadFromEnumerable([new PixelsRow { Image = image }])));
        Assert.Equal(Picture.Width, image.Width); // the caller's image is still his

        string Single(IDataView data) => transformer.Transform(data).GetColumn<string>("Caption").Single();
    }

    [Fact]
    public void Transform_BadRow_IsRefusedByRowAndColumn()
    {
        BytesRow[] rows = BytesRow.Many(4);
        rows[2].Image = [1, 2, 3];
        using CaptionTransformer transformer = Fit(new());
        IDataView data = transformer.Transform(_ml.Data.LoadFromEnumerable(rows));

        var problem = Assert.Throws<RowDataException>(() => data.GetColumn<string>("Caption").ToArray());

        Assert.Equal((3, "Image"), (problem.Row, problem.Column));
        Assert.StartsWith("Row 3, column 'Image': ", problem.Message);
    }

    [Theory]
    [InlineData(1, "0!234")]
    [InlineData(2, "!!234")]
    [InlineData(3, "!!!34")]
    [InlineData(8, "!!!!!")]
    public void Transform_ReadingGoesOnAfterABadRow_NoRowGetsAnothersAnswer(int batchSize, string expected)
    {
        BytesRow[] rows = BytesRow.Many(5);
        rows[1].Image = [1, 2, 3];
        using CaptionTransformer transformer = Fit(new() { PromptColumnName = "Prompt", BatchSize = batchSize });
        IDataView data = transformer.Transform(_ml.Data.LoadFromEnumerable(rows));
        string read = "";
        ReadOnlyMemory<char> answer = default;

        using DataViewRowCursor cursor = data.GetRowCursor(data.Schema);
        var getter = cursor.GetGetter<ReadOnlyMemory<char>>(data.Schema["Caption"]);
        while (cursor.MoveNext())
        {
            // Asked twice: a second try must not be answered with a later row either.
            Exception? first = Record.Exception(() => getter(ref answer));
            Exception? second = Record.Exception(() => getter(ref answer));
            Assert.Equal((first as RowDataException)?.Message, (second as RowDataException)?.Message);
            Assert.Equal(first is null, second is null);
            if (first is null)
                Assert.Equal(TinyModel.Ask(_model, rows[cursor.Position].Prompt, rows[cursor.Position].Image), answer.ToString());
            else
                Assert.Equal(2, Assert.IsType<RowDataException>(first).Row);
            read += first is null ? $"{cursor.Position}" : "!";
        }

        Assert.Equal(expected, read);
    }

    [Fact]
    public void Transform_BadRowsWithListener_AreReportedAndOthersAnswered()
    {
        BytesRow[] rows = BytesRow.Many(6);
        rows[1].Image = [1, 2, 3];
        rows[3].Image = [];
        rows[4].Prompt = "Where is <image>?";
        var problems = new List<RowDataException>();
        using CaptionTransformer transformer = Fit(new() { PromptColumnName = "Prompt", BatchSize = 6, OnBadRow = problems.Add });

        string[] captions = [.. transformer.Transform(_ml.Data.LoadFromEnumerable(rows)).GetColumn<string>("Caption")];

        Assert.Equal([(2L, "Image"), (4L, "Image"), (5L, "Prompt")], problems.OrderBy(p => p.Row).Select(p => (p.Row!.Value, p.Column)));
        Assert.All([1, 3, 4], i => Assert.Empty(captions[i]));
        Assert.All([0, 2, 5], i => Assert.Equal(TinyModel.Ask(_model, rows[i].Prompt, rows[i].Image), captions[i]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Transform_DisposedImage_IsTheProblemOfItsRow(int batchSize)
    {
        PixelsRow[] rows = [.. Enumerable.Range(0, 3).Select(i => new PixelsRow { Image = Picture.Image(i) })];
        rows[1].Image!.Dispose();
        var problems = new List<RowDataException>();
        using CaptionTransformer listening = Fit(new() { BatchSize = batchSize, OnBadRow = problems.Add }), strict = Fit(new() { BatchSize = batchSize });
        IDataView data = _ml.Data.LoadFromEnumerable(rows);

        string[] captions = [.. listening.Transform(data).GetColumn<string>("Caption")];
        var problem = Assert.Throws<RowDataException>(() => strict.Transform(data).GetColumn<string>("Caption").ToArray());

        Assert.Equal([false, true, false], captions.Select(caption => caption.Length == 0));
        Assert.Equal((2, "Image"), (Assert.Single(problems).Row, problems[0].Column));
        Assert.Equal(problems[0].Message, problem.Message);
        Assert.Contains("disposed", problem.Message);
    }

    [Fact]
    public void Transform_QuestionLongerThanTheModel_IsRefusedByRow()
    {
        BytesRow[] rows = BytesRow.Many(2);
        rows[1].Prompt = string.Concat(Enumerable.Repeat("long words ", 4000));
        using CaptionTransformer transformer = Fit(new() { PromptColumnName = "Prompt" });

        var problem = Assert.Throws<RowDataException>(
            () => transformer.Transform(_ml.Data.LoadFromEnumerable(rows)).GetColumn<string>("Caption").ToArray());

        Assert.Equal((2, "Prompt"), (problem.Row, problem.Column));
    }

    [Fact]
    public void Transform_Cancelled_Throws()
    {
        using var source = new CancellationTokenSource();
        using CaptionTransformer transformer = Fit(new() { CancellationToken = source.Token });
        IDataView data = transformer.Transform(_ml.Data.LoadFromEnumerable(BytesRow.Many(1)));
        source.Cancel();

        Assert.Throws<OperationCanceledException>(() => data.GetColumn<string>("Caption").ToArray());
    }

    [Fact]
    public void PredictionEngine_EveryRow_AnswersAsTheViewDoes()
    {
        BytesRow[] rows = BytesRow.Many(3);
        CaptionTransformer transformer = Fit(new() { PromptColumnName = "Prompt" });
        string[] expected = [.. transformer.Transform(_ml.Data.LoadFromEnumerable(rows)).GetColumn<string>("Caption")];

        using (PredictionEngine<BytesRow, CaptionedRow> engine = _ml.Model.CreatePredictionEngine<BytesRow, CaptionedRow>(transformer))
            Assert.Equal(expected, rows.Select(row => engine.Predict(row).Caption));

        // The engine disposed the transformer, which released one reference: the model of the others lives.
        Assert.Throws<ObjectDisposedException>(() => transformer.Model.Network);
        Assert.NotEmpty(TinyModel.Ask(_model, rows[0].Prompt, rows[0].Image));
    }

    [Fact]
    public void PredictionEngine_ChainOfStockParts_AnswersOncePerRow()
    {
        CountingView data = Counted(1);
        using VisionLanguageModel other = _model.AddReference();
        IEstimator<ITransformer> chain = _ml.VisionLanguage.Caption(_model, new() { Generation = TinyModel.Short })
            .Append(_ml.Transforms.CopyColumns("Copy", "Caption"))
            .Append(_ml.Transforms.Text.NormalizeText("Caption2", "Caption"));

        IDataView captioned = chain.Fit(data).Transform(data);
        (string, string, string) row = (
            captioned.GetColumn<string>("Caption").Single(), captioned.GetColumn<string>("Copy").Single(),
            captioned.GetColumn<string>("Caption2").Single());

        Assert.Equal(row.Item1, row.Item2);
        Assert.Equal(row.Item1.ToLowerInvariant(), row.Item3);
        Assert.Equal(3, data.Values); // one per reading
    }

    [Fact]
    public void PredictionEngines_OnManyThreads_AnswerAsOneDoes()
    {
        BytesRow[] rows = BytesRow.Many(4);
        using CaptionTransformer transformer = Fit(new() { PromptColumnName = "Prompt" });
        string[] expected = [.. transformer.Transform(_ml.Data.LoadFromEnumerable(rows)).GetColumn<string>("Caption")];
        var answers = new string[4, rows.Length];

        Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 4 }, thread =>
        {
            using PredictionEngine<BytesRow, CaptionedRow> engine = _ml.Model.CreatePredictionEngine<BytesRow, CaptionedRow>(
                transformer, new PredictionEngineOptions { OwnsTransformer = false });
            for (int i = 0; i < rows.Length; i++)
                answers[thread, i] = engine.Predict(rows[i]).Caption;
        });

        Assert.All(Enumerable.Range(0, 4), thread => Assert.Equal(expected, Enumerable.Range(0, rows.Length).Select(i => answers[thread, i])));
    }

    [Fact]
    public void GetOutputSchema_AnySchema_AddsTheColumnBehindTheOthers()
    {
        using CaptionTransformer transformer = Fit(new() { OutputColumnName = "Said" });
        DataViewSchema schema = _ml.Data.LoadFromEnumerable(BytesRow.Many(1)).Schema;

        DataViewSchema output = transformer.GetOutputSchema(schema);

        Assert.Equal([.. schema.Select(c => c.Name), "Said"], output.Select(c => c.Name));
        Assert.Equal(TextDataViewType.Instance, output["Said"].Type);
        Assert.True(transformer.IsRowToRowMapper);
    }

    [Fact]
    public void GetDependencies_OtherColumnNeeded_AsksForNoPicture()
    {
        using CaptionTransformer transformer = Fit(new());
        IRowToRowMapper mapper = transformer.GetRowToRowMapper(_ml.Data.LoadFromEnumerable(BytesRow.Many(1)).Schema);

        Assert.Equal(["Number"], mapper.GetDependencies([mapper.OutputSchema["Number"]]).Select(c => c.Name));
        Assert.Equal(["Image"], mapper.GetDependencies([mapper.OutputSchema["Caption"]]).Select(c => c.Name));
    }

    private CaptionTransformer Fit(CaptionOptions options, IDataView? data = null)
    {
        options.Generation = TinyModel.Short;
        return _ml.VisionLanguage.Caption(_model, options).Fit(data ?? _ml.Data.LoadFromEnumerable(BytesRow.Many(1)));
    }

    private CountingView Counted(int rows) => new(_ml.Data.LoadFromEnumerable(BytesRow.Many(rows)), "Image");

    private sealed class OthersRow
    {
        public byte[] Image { get; set; } = Picture.Png(1);

        public string Others { get; set; } = "";
    }

    private sealed class NumberedCaption
    {
        public int Number { get; set; }

        public string Caption { get; set; } = "";
    }
}
