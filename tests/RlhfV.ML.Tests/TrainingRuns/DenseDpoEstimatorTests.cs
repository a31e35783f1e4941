using Microsoft.Extensions.Logging;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using RlhfV.Models;
using RlhfV.Preferences;
using RlhfV.Training;
using RlhfV.Training.Lora;

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
        IDataView pairs = _ml.VisionLanguage.LoadPreferences(Pairs.Many(6));

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
        IDataView pairs = _ml.VisionLanguage.LoadPreferences(Pairs.Many(4));
        DenseDpoEstimator estimator = _ml.VisionLanguage.Trainers.DenseDpo(_model, Options());

        using CaptionTransformer first = estimator.Fit(pairs), second = estimator.Fit(pairs);

        Assert.Equal(Weights(first.Model), Weights(second.Model));
    }

    [Fact]
    public void Fit_ThroughColumns_EqualsTheTrainerOnExamples()
    {
        PreferenceExample[] examples = Pairs.Many(4);
        using VisionLanguageModel direct = _model.Clone();
        new PreferenceTrainer().Fit(direct, examples, Options().Training, cancellation: TestContext.Current.CancellationToken);

        using CaptionTransformer fitted =
            _ml.VisionLanguage.Trainers.DenseDpo(_model, Options()).Fit(_ml.VisionLanguage.LoadPreferences(examples));

        Assert.Equal(Weights(direct), Weights(fitted.Model));
    }

    [Fact]
    public void Fit_EveryFormOfPicture_GivesEqualWeights()
    {
        using var folder = new TemporaryFolder();
        PreferenceExample[] examples = Pairs.Many(3);
        IDataView bytes = _ml.VisionLanguage.LoadPreferences(examples);
        MLImage[] images = [.. examples.Index().Select(pair => Picture.Image(pair.Index))];
        IDataView pixels = _ml.Data.LoadFromEnumerable(examples.Index().Select(pair => new PixelsPreference
        {
            Image = images[pair.Index],
            Prompt = pair.Item.Prompt,
            Chosen = pair.Item.Chosen,
            Rejected = pair.Item.Rejected,
        }));
        IDataView paths = _ml.Data.LoadFromEnumerable(examples.Index().Select(pair =>
        {
            File.WriteAllBytes(folder[$"{pair.Index}.png"], pair.Item.Image!.Bytes!.Value.ToArray());
            return new PathPreference
            {
                Image = $"{pair.Index}.png",
                Prompt = pair.Item.Prompt,
                Chosen = pair.Item.Chosen,
                Rejected = pair.Item.Rejected,
            };
        }).ToArray());
        DenseDpoTrainerOptions options = Options();
        options.Columns.ImageFolder = folder.Path;
        options.Training.Segments = SegmentSource.Diff;

        float[] expected = Fit(bytes);

        Assert.Equal(expected, Fit(pixels));
        Assert.Equal(expected, Fit(paths));
        Array.ForEach(images, image => image.Dispose());

        float[] Fit(IDataView data)
        {
            using CaptionTransformer fitted = _ml.VisionLanguage.Trainers.DenseDpo(_model, options).Fit(data);
            return Weights(fitted.Model);
        }
    }

    [Fact]
    public void Fit_SeveralPictures_EqualsTheTrainerWithoutMlNet()
    {
        PreferenceExample[] examples = Pairs.AboutTwo(3);
        examples[2] = examples[2] with { ImagePlaces = [new(0, 0), new(0, 8)] };
        using VisionLanguageModel policy = _model.Clone();
        new PreferenceTrainer().Fit(policy, examples, Options().Training, cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(Weights(policy), Fit(examples));
        Assert.NotEqual(Weights(policy), Fit(Pairs.Many(3)));

        float[] Fit(PreferenceExample[] pairs)
        {
            using CaptionTransformer fitted = _ml.VisionLanguage.Trainers.DenseDpo(_model, Options()).Fit(_ml.VisionLanguage.LoadPreferences(pairs));
            return Weights(fitted.Model);
        }
    }

    [Fact]
    public void Fit_SeveralPictures_AsksTheAlignedModelAboutAll()
    {
        PreferenceExample[] examples = Pairs.AboutTwo(2);
        IDataView data = _ml.VisionLanguage.LoadPreferences(examples);
        DenseDpoTrainerOptions options = Options();
        options.Caption = new() { PromptColumnName = "Prompt", Generation = TinyModel.Short };

        using CaptionTransformer fitted = _ml.VisionLanguage.Trainers.DenseDpo(_model, options).Fit(data);

        Assert.Equal(
            examples.Select(pair => TinyModel.Ask(fitted.Model, pair.Prompt, [.. pair.Images.Select(image => image.Bytes!.Value.ToArray())])),
            fitted.Transform(data).GetColumn<string>("Caption"));
    }

    [Fact]
    public void Fit_OptionsChangedAfterwards_UsesThoseItWasGiven()
    {
        DenseDpoTrainerOptions options = Options();
        DenseDpoEstimator estimator = _ml.VisionLanguage.Trainers.DenseDpo(_model, options);
        options.Training.MaxSteps = 1;
        options.Columns.ChosenColumnName = "Nowhere";

        using CaptionTransformer transformer = estimator.Fit(_ml.VisionLanguage.LoadPreferences(Pairs.Many(2)));

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

        using CaptionTransformer transformer = _ml.VisionLanguage.Trainers.DenseDpo(_model, options).Fit(_ml.VisionLanguage.LoadPreferences(Pairs.Many(3)));

        Assert.Equal(transformer.Training!.Curve, steps);
        Assert.Contains(lines, line => line.Contains("Dense DPO on 3 pairs, 3 of them with annotated corrections"));
        Assert.Contains(lines, line => line.Contains("reward accuracy"));
        Assert.Contains(lines, line => line.Contains("Trained in"));
    }

    [Fact]
    public void Fit_AsReleased_KeepsWhatTeachesNothingAndSaysSo()
    {
        var logger = new ListLogger();
        var lines = new List<string>();
        _ml.Log += (_, e) => lines.Add(e.Message);
        DenseDpoTrainerOptions options = Options();
        options.Logger = logger;
        (options.Training.ReferencePrecision, options.Training.RoundVisionTower) = (ReferencePrecision.Released, true);
        (options.Training.InvalidExamples, options.Training.Normalize) = (InvalidExamplePolicy.Keep, false);
        PreferenceExample[] pairs = [.. Pairs.Many(2)];
        pairs[1] = pairs[1] with { Chosen = pairs[1].Rejected, Segments = [] };

        using CaptionTransformer transformer = _ml.VisionLanguage.Trainers.DenseDpo(_model, options).Fit(_ml.VisionLanguage.LoadPreferences(pairs));

        Assert.Equal(2, transformer.Training!.Pairs);
        Assert.Contains("1 of 2 examples teach nothing", Assert.Single(transformer.Training.Diagnostics));
        Assert.Contains(7, logger.Events);
        Assert.Contains(lines, line => line.Contains("1 of 2 examples teach nothing"));
        Assert.NotEqual(Math.Log(2), transformer.Training.Curve[0].Loss, 1e-6);
    }

    [Fact]
    public void Fit_Logger_TellsTheRunAndEveryStep()
    {
        var logger = new ListLogger();
        DenseDpoTrainerOptions options = Options();
        options.Logger = logger;

        using CaptionTransformer transformer = _ml.VisionLanguage.Trainers.DenseDpo(_model, options).Fit(_ml.VisionLanguage.LoadPreferences(Pairs.Many(2)));

        Assert.Equal([1, 6, 2, 3, 2, 3, 2, 3, 2, 3, 2, 3, 5], logger.Events);
    }

    [Fact]
    public void Fit_BadPairSkipped_IsLoggedAndReported()
    {
        var logger = new ListLogger();
        DenseDpoTrainerOptions options = Options();
        options.Logger = logger;
        options.Training.InvalidExamples = InvalidExamplePolicy.Skip;
        PreferenceExample[] pairs = Pairs.Many(3);
        pairs[1] = pairs[1] with { Chosen = pairs[1].Rejected, Segments = [] };

        using CaptionTransformer transformer = _ml.VisionLanguage.Trainers.DenseDpo(_model, options).Fit(_ml.VisionLanguage.LoadPreferences(pairs));

        Assert.Contains("pair-1", Assert.Single(transformer.Training!.Skipped).Id);
        Assert.Contains(4, logger.Events);
    }

    [Fact]
    public void Fit_BadPair_IsRefusedByName()
    {
        PreferenceExample[] pairs = Pairs.Many(3);
        pairs[2] = pairs[2] with { Image = PreferenceImage.FromBytes(new byte[] { 9, 9 }) };

        var problem = Assert.Throws<ArgumentException>(
            () => _ml.VisionLanguage.Trainers.DenseDpo(_model, Options()).Fit(_ml.VisionLanguage.LoadPreferences(pairs)));

        Assert.Contains("pair-2", problem.Message);
    }

    [Fact]
    public void Dpo_Pairs_IsDenseDpoWithoutWeights()
    {
        IDataView pairs = _ml.VisionLanguage.LoadPreferences(Pairs.Many(3));
        var same = new DenseDpoTrainerOptions
        {
            Training = new DenseDpoOptions { Beta = 0.1, Gamma = 1, Normalize = false, LearningRate = 1e-3, Epochs = 1, Seed = 3 },
        };

        using CaptionTransformer dpo = _ml.VisionLanguage.Trainers.Dpo(_model, learningRate: 1e-3, seed: 3).Fit(pairs);
        using CaptionTransformer dense = _ml.VisionLanguage.Trainers.DenseDpo(_model, same).Fit(pairs);

        Assert.Equal(Weights(dense.Model), Weights(dpo.Model));
    }

    [Fact]
    public void DenseDpo_NoSeed_DrawsOneFromTheContext()
    {
        IDataView pairs = _ml.VisionLanguage.LoadPreferences(Pairs.Many(40));

        float[] first = Fit(new MLContext(3)), same = Fit(new MLContext(3)), other = Fit(new MLContext(4));

        Assert.Equal(first, same);
        Assert.NotEqual(first, other);

        float[] Fit(MLContext context)
        {
            using CaptionTransformer fitted = context.VisionLanguage.Trainers.DenseDpo(_model, learningRate: 1e-3, epochs: 1).Fit(pairs);
            return Weights(fitted.Model);
        }
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
            () => _ml.VisionLanguage.Trainers.DenseDpo(_model, options).Fit(_ml.VisionLanguage.LoadPreferences(Pairs.Many(3))));

        Assert.Equal(before, Weights(_model));
    }

    [Fact]
    public void Fit_CancelledAndKept_GivesTheModelOfTheStepsMade()
    {
        IDataView pairs = _ml.VisionLanguage.LoadPreferences(Pairs.Many(4));
        using var source = new CancellationTokenSource();
        DenseDpoTrainerOptions options = Options(), whole = Options();
        options.OnCancel = CancelledFit.KeepModel;
        options.CancellationToken = source.Token;
        options.Progress = new Listener(step =>
        {
            if (step.Step == 3)
                source.Cancel();
        });
        whole.Training.MaxSteps = options.Training.MaxSteps = 5;

        using CaptionTransformer kept = _ml.VisionLanguage.Trainers.DenseDpo(_model, options).Fit(pairs);

        Assert.Equal(3, kept.Training!.Steps);
        Assert.Equal(3, kept.Training.Curve.Count);
        Assert.NotEqual(Weights(_model), Weights(kept.Model));
        using CaptionTransformer finished = _ml.VisionLanguage.Trainers.DenseDpo(_model, whole).Fit(pairs);
        Assert.Equal(finished.Training!.Curve.Take(3).Select(step => step.Loss), kept.Training.Curve.Select(step => step.Loss));
    }

    [Fact]
    public void Fit_LowRank_GivesOneModelWithTheCorrectionsInside()
    {
        IDataView pairs = _ml.VisionLanguage.LoadPreferences(Pairs.Many(2));
        DenseDpoTrainerOptions options = Options();
        options.Training.Lora = new LoraOptions { Rank = 2 };

        using CaptionTransformer fitted = _ml.VisionLanguage.Trainers.DenseDpo(_model, options).Fit(pairs);

        Assert.Equal(Weights(_model).Length, Weights(fitted.Model).Length);
        Assert.NotEqual(Weights(_model), Weights(fitted.Model));
        options.OnCancel = CancelledFit.KeepModel;
        Assert.Contains("LoRA", Assert.Throws<ArgumentException>(() => _ml.VisionLanguage.Trainers.DenseDpo(_model, options)).Message);
    }

    [Fact]
    public void Fit_SplitData_TakesStockSplits()
    {
        IDataView pairs = _ml.VisionLanguage.LoadPreferences(Pairs.Many(8));

        DataOperationsCatalog.TrainTestData split = _ml.Data.TrainTestSplit(pairs, testFraction: 0.5, seed: 1);
        int train = _ml.VisionLanguage.CreatePreferences(split.TrainSet).Count(), test = _ml.VisionLanguage.CreatePreferences(split.TestSet).Count();
        using CaptionTransformer fitted = _ml.VisionLanguage.Trainers.DenseDpo(_model, Options()).Fit(_ml.Data.ShuffleRows(_ml.Data.Cache(split.TrainSet)));

        Assert.Equal(8, train + test);
        Assert.Equal(train, fitted.Training!.Pairs);
    }

    [Theory]
    [InlineData("Chosen")]
    [InlineData("Rejected")]
    [InlineData("Prompt")]
    [InlineData("Image")]
    public void FitAndShape_MissingColumn_NameIt(string dropped)
    {
        IDataView pairs = _ml.VisionLanguage.LoadPreferences(Pairs.Many(1));
        IDataView data = _ml.Transforms.DropColumns(dropped).Fit(pairs).Transform(pairs);
        DenseDpoEstimator estimator = _ml.VisionLanguage.Trainers.DenseDpo(_model, Options());

        Assert.Contains($"'{dropped}'", Assert.Throws<ArgumentOutOfRangeException>(() => estimator.Fit(data)).Message);
        SchemaShape shape = ShapeProbe.Of(_ml, data);
        Assert.Contains($"'{dropped}'", Assert.Throws<ArgumentOutOfRangeException>(() => estimator.GetOutputSchema(shape)).Message);
    }

    [Fact]
    public void GetOutputSchema_Pairs_AddsTheCaption()
    {
        SchemaShape shape = ShapeProbe.Of(_ml, _ml.VisionLanguage.LoadPreferences(Pairs.Many(1)));

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
    public void DenseDpo_WrongColumnAndNumber_TellsEachOnceAndNamesTheArgumentAtTheEnd()
    {
        var problem = Assert.Throws<ArgumentException>(() => _ml.VisionLanguage.Trainers.DenseDpo(_model, imageColumnName: "", beta: -1));

        Assert.Equal(2, problem.Message.Split("ImageColumnName").Length);
        Assert.Equal(2, problem.Message.Split("Beta is -1").Length);
        Assert.Equal(2, problem.Message.Split("(Parameter").Length);
        Assert.Equal("options", problem.ParamName);
    }

    [Fact]
    public void SaveTransformer_Aligned_LoadsTheAlignedWeights()
    {
        using var folder = new TemporaryFolder();
        IDataView pairs = _ml.VisionLanguage.LoadPreferences(Pairs.Many(2));
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

    private static float[] Weights(VisionLanguageModel model) =>
        [.. model.Network.named_parameters().OrderBy(p => p.name, StringComparer.Ordinal).SelectMany(p => p.parameter.data<float>().ToArray())];

    private sealed class PixelsPreference
    {
        [ImageType(Picture.Height, Picture.Width)]
        public MLImage? Image { get; set; }

        public string Prompt { get; set; } = "";

        public string Chosen { get; set; } = "";

        public string Rejected { get; set; } = "";
    }

    private sealed class PathPreference
    {
        public string Image { get; set; } = "";

        public string Prompt { get; set; } = "";

        public string Chosen { get; set; } = "";

        public string Rejected { get; set; } = "";
    }

    private sealed class ListLogger : ILogger
    {
        public List<int> Events { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Events.Add(eventId.Id);
    }

    private sealed class Listener(Action<TrainingProgress> told) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => told(value);
    }
}
