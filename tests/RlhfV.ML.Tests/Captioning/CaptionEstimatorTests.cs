using Microsoft.ML;
using Microsoft.ML.Data;
using RlhfV.Models;
using RlhfV.Models.Generation;

namespace RlhfV.ML.Tests.Captioning;

public sealed class CaptionEstimatorTests : IDisposable
{
    private readonly MLContext _ml = new(1);
    private readonly VisionLanguageModel _model = TinyModel.Load();

    public void Dispose() => _model.Dispose();

    [Fact]
    public void GetOutputSchema_RenamedColumns_AddsText()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(BytesRow.Many(1));
        CaptionEstimator estimator = _ml.VisionLanguage.Caption(_model, "Said", "Image", "Prompt");

        SchemaShape.Column added = estimator.GetOutputSchema(Shape(data)).Single(column => column.Name == "Said");

        Assert.Equal((SchemaShape.Column.VectorKind.Scalar, TextDataViewType.Instance), (added.Kind, added.ItemType));
    }

    [Theory]
    [InlineData("Photo", null, "Photo", "pictures")]
    [InlineData("Number", null, "Number", "pictures")]
    [InlineData("Image", "Question", "Question", "text")]
    [InlineData("Image", "Number", "Number", "text")]
    public void FitAndShape_ColumnThatDoesNotFit_NameItAndWhatIsExpected(string image, string? prompt, string named, string expected)
    {
        IDataView data = _ml.Data.LoadFromEnumerable(BytesRow.Many(1));
        CaptionEstimator estimator = _ml.VisionLanguage.Caption(_model, imageColumnName: image, promptColumnName: prompt);

        string atFit = Assert.Throws<ArgumentOutOfRangeException>(() => estimator.Fit(data)).Message;
        string atShape = Assert.Throws<ArgumentOutOfRangeException>(() => estimator.GetOutputSchema(Shape(data))).Message;

        Assert.All([atFit, atShape], message => Assert.Contains($"'{named}'", message));
        Assert.All([atFit, atShape], message => Assert.Contains($"expected {expected}", message));
    }

    [Fact]
    public void FitAndShape_KeysOfBytes_AreNoPictures()
    {
        IDataView data = _ml.Data.LoadFromEnumerable([new KeysRow()]);
        CaptionEstimator estimator = _ml.VisionLanguage.Caption(_model);

        Assert.Throws<ArgumentOutOfRangeException>(() => estimator.Fit(data));
        Assert.Contains("keys", Assert.Throws<ArgumentOutOfRangeException>(() => estimator.GetOutputSchema(ShapeProbe.Of(_ml, data))).Message);
    }

    [Fact]
    public void Constructor_ManyMistakes_TellsAllAtOnce()
    {
        var options = new CaptionOptions
        {
            ImageColumnName = "",
            BatchSize = 0,
            PromptColumnName = " ",
            Generation = new GenerationOptions { MaxNewTokens = 0 },
        };

        var problem = Assert.Throws<ArgumentException>(() => _ml.VisionLanguage.Caption(_model, options));

        Assert.Equal("options", problem.ParamName);
        Assert.All(
            [nameof(options.ImageColumnName), nameof(options.BatchSize), nameof(options.PromptColumnName), nameof(GenerationOptions.MaxNewTokens)],
            name => Assert.Contains(name, problem.Message));
    }

    [Fact]
    public void Fit_OptionsChangedAfterwards_UsesThoseItWasGiven()
    {
        var options = new CaptionOptions { Generation = TinyModel.Short };
        CaptionEstimator estimator = _ml.VisionLanguage.Caption(_model, options);
        options.OutputColumnName = "Other";

        using CaptionTransformer transformer = estimator.Fit(_ml.Data.LoadFromEnumerable(BytesRow.Many(1)));

        Assert.Equal("Caption", transformer.Options.OutputColumnName);
    }

    [Fact]
    public void Fit_Sampling_DrawsItsSeedFromTheContext()
    {
        var options = new CaptionOptions { Generation = new GenerationOptions { Temperature = 1, MaxNewTokens = 8 } };
        IDataView data = _ml.Data.LoadFromEnumerable(BytesRow.Many(3));

        string[] first = Sample(new MLContext(5)), same = Sample(new MLContext(5)), other = Sample(new MLContext(6));

        Assert.Equal(first, same);
        Assert.NotEqual(first, other);

        string[] Sample(MLContext context)
        {
            using CaptionTransformer transformer = context.VisionLanguage.Caption(_model, options).Fit(data);
            return [.. transformer.Transform(data).GetColumn<string>("Caption")];
        }
    }

    [Fact]
    public void Fit_ModelDisposedAfterwards_StillAnswers()
    {
        VisionLanguageModel handle = _model.AddReference();
        IDataView data = _ml.Data.LoadFromEnumerable(BytesRow.Many(1));
        using CaptionTransformer transformer = _ml.VisionLanguage.Caption(handle, new() { Generation = TinyModel.Short }).Fit(data);
        handle.Dispose();

        Assert.Single(transformer.Transform(data).GetColumn<string>("Caption"));
    }

    private SchemaShape Shape(IDataView data) => ShapeProbe.Of(_ml, data);

    private sealed class KeysRow
    {
        [KeyType(10), VectorType]
        public byte[] Image { get; set; } = [1, 2];
    }
}
