using Microsoft.ML;
using Microsoft.ML.Data;
using RlhfV.Models;
using RlhfV.Preferences;
using RlhfV.Training;

namespace RlhfV.ML.Tests.TrainingRuns;

public sealed class DenseDpoEstimatorTests : IDisposable
{
    private readonly MLContext _ml = new(1);
    private readonly VisionLanguageModel _model = TinyModel.Load();

    public void Dispose() => _model.Dispose();

    [Fact]
    public void Fit_CorrectedPairs_LearnsOnACopy()
    {
        float[] before = Weights(_model);
        IDataView pairs = _ml.VisionLanguage.LoadPreferences(Pairs(6));

        using CaptionTransformer transformer = _ml.VisionLanguage.Trainers.DenseDpo(_model, Options()).Fit(pairs);

        Assert.Equal(before, Weights(_model));
        Assert.NotEqual(before, Weights(transformer.Model));
        TrainingResult training = transformer.Training!;
        Assert.Equal(6, training.Pairs);
        Assert.True(training.Curve[^1].Loss < training.Curve[0].Loss, $"{training.Curve[0].Loss} to {training.Curve[^1].Loss}");
        Assert.Equal(6, transformer.Transform(pairs).GetColumn<string>("Caption").Count());
    }

    [Fact]
    public void Fit_Twice_GivesEqualWeights()
    {
        IDataView pairs = _ml.VisionLanguage.LoadPreferences(Pairs(4));
        DenseDpoEstimator estimator = _ml.VisionLanguage.Trainers.DenseDpo(_model, Options());

        using CaptionTransformer first = estimator.Fit(pairs), second = estimator.Fit(pairs);

        Assert.Equal(Weights(first.Model), Weights(second.Model));
    }

    [Fact]
    public void Fit_ThroughColumns_EqualsTheTrainerOnExamples()
    {
        PreferenceExample[] examples = Pairs(4);
        using VisionLanguageModel direct = _model.Clone();
        new PreferenceTrainer().Fit(direct, examples, Options().Training, cancellation: TestContext.Current.CancellationToken);

        using CaptionTransformer fitted =
            _ml.VisionLanguage.Trainers.DenseDpo(_model, Options()).Fit(_ml.VisionLanguage.LoadPreferences(examples));

        Assert.Equal(Weights(direct), Weights(fitted.Model));
    }

    [Fact]
    public void Fit_OptionsChangedAfterwards_UsesThoseItWasGiven()
    {
        DenseDpoTrainerOptions options = Options();
        DenseDpoEstimator estimator = _ml.VisionLanguage.Trainers.DenseDpo(_model, options);
        options.Training.MaxSteps = 1;
        options.Columns.ChosenColumnName = "Nowhere";

        using CaptionTransformer transformer = estimator.Fit(_ml.VisionLanguage.LoadPreferences(Pairs(2)));

        Assert.Equal(Options().Training.MaxSteps, transformer.Training!.Steps);
    }

    [Fact]
    public void Fit_ProgressAndLog_TellOfTheRun()
    {
        var steps = new List<TrainingProgress>();
        var lines = new List<string>();
        _ml.Log += (_, e) => lines.Add(e.Message);
        DenseDpoTrainerOptions options = Options();
        options.Progress = new Listener(steps.Add);

        using CaptionTransformer transformer = _ml.VisionLanguage.Trainers.DenseDpo(_model, options).Fit(_ml.VisionLanguage.LoadPreferences(Pairs(3)));

        Assert.Equal(transformer.Training!.Curve, steps);
        Assert.Contains(lines, line => line.Contains("Dense DPO on 3 pairs, 3 of them with annotated corrections"));
        Assert.Contains(lines, line => line.Contains("reward accuracy"));
        Assert.Contains(lines, line => line.Contains("Aligned in"));
    }

    [Fact]
    public void Fit_Cancelled_ThrowsAndLeavesTheModelAsItWas()
    {
        float[] before = Weights(_model);
        using var source = new CancellationTokenSource();
        DenseDpoTrainerOptions options = Options();
        options.CancellationToken = source.Token;
        options.Progress = new Listener(_ => source.Cancel());

        Assert.Throws<OperationCanceledException>(
            () => _ml.VisionLanguage.Trainers.DenseDpo(_model, options).Fit(_ml.VisionLanguage.LoadPreferences(Pairs(3))));

        Assert.Equal(before, Weights(_model));
    }

    [Theory]
    [InlineData("Chosen")]
    [InlineData("Rejected")]
    [InlineData("Prompt")]
    [InlineData("Image")]
    public void FitAndShape_MissingColumn_NameIt(string dropped)
    {
        IDataView pairs = _ml.VisionLanguage.LoadPreferences(Pairs(1));
        IDataView data = _ml.Transforms.DropColumns(dropped).Fit(pairs).Transform(pairs);
        DenseDpoEstimator estimator = _ml.VisionLanguage.Trainers.DenseDpo(_model, Options());

        Assert.Contains($"'{dropped}'", Assert.Throws<ArgumentOutOfRangeException>(() => estimator.Fit(data)).Message);
        SchemaShape shape = ShapeProbe.Of(_ml, data);
        Assert.Contains($"'{dropped}'", Assert.Throws<ArgumentOutOfRangeException>(() => estimator.GetOutputSchema(shape)).Message);
    }

    [Fact]
    public void GetOutputSchema_Pairs_AddsTheCaption()
    {
        SchemaShape shape = ShapeProbe.Of(_ml, _ml.VisionLanguage.LoadPreferences(Pairs(1)));

        Assert.Contains("Caption", _ml.VisionLanguage.Trainers.DenseDpo(_model).GetOutputSchema(shape).Select(column => column.Name));
    }

    [Fact]
    public void DenseDpo_ManyMistakes_TellsAllAtOnce()
    {
        DenseDpoTrainerOptions options = Options();
        options.Training.Beta = -1;
        options.Columns.ImageColumnName = "";
        options.Caption = new CaptionOptions { BatchSize = 0 };

        var problem = Assert.Throws<ArgumentException>(() => _ml.VisionLanguage.Trainers.DenseDpo(_model, options));

        Assert.All(["Beta", "ImageColumnName", "BatchSize"], name => Assert.Contains(name, problem.Message));
    }

    [Fact]
    public void SaveTransformer_Aligned_LoadsTheAlignedWeights()
    {
        using var folder = new TemporaryFolder();
        IDataView pairs = _ml.VisionLanguage.LoadPreferences(Pairs(2));
        using CaptionTransformer transformer = _ml.VisionLanguage.Trainers.DenseDpo(_model, Options()).Fit(pairs);
        Assert.Null(transformer.Model.Folder);
        _ml.VisionLanguage.SaveTransformer(transformer, pairs.Schema, folder["aligned.zip"]);

        using var loaded = (CaptionTransformer)_ml.VisionLanguage.LoadTransformer(folder["aligned.zip"], out _);

        Assert.Equal(Weights(transformer.Model), Weights(loaded.Model));
    }

    private static DenseDpoTrainerOptions Options() => new()
    {
        Training = new DenseDpoOptions { BatchSize = 2, MaxSteps = 5, LearningRate = 1e-3, WarmupRatio = 0, Seed = 4 },
        Caption = new CaptionOptions { Generation = TinyModel.Short },
    };

    private static PreferenceExample[] Pairs(int count) =>
    [
        .. Enumerable.Range(0, count).Select(i => new PreferenceExample
        {
            Image = PreferenceImage.FromBytes(Picture.Png(i)),
            Prompt = "What is there?",
            Chosen = $"There is a red cup and {i} plates.",
            Rejected = $"There is a blue cup and {i} plates.",
            Segments = [new() { Chosen = new(11, 3), Rejected = new(11, 4), Type = HallucinationType.Attribute }],
            Origin = new() { Id = $"pair-{i}" },
        }),
    ];

    private static float[] Weights(VisionLanguageModel model) =>
        [.. model.Network.named_parameters().OrderBy(p => p.name, StringComparer.Ordinal).SelectMany(p => p.parameter.data<float>().ToArray())];

    private sealed class Listener(Action<TrainingProgress> told) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => told(value);
    }
}
