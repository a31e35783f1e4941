using Microsoft.ML;
using Microsoft.ML.Data;
using RlhfV.Models;
using RlhfV.Preferences;
using RlhfV.Training;
using RlhfV.Training.Optimization;

namespace RlhfV.ML.Tests.TrainingRuns;

public sealed class SupervisedEstimatorTests : IDisposable
{
    private readonly MLContext _ml = new(1);
    private readonly VisionLanguageModel _model = TinyModel.Load();

    public void Dispose() => _model.Dispose();

    [Fact]
    public void Fit_CorrectedAnswers_LearnsThemOnACopyAndTellsThePlan()
    {
        float[] before = Weights(_model);
        var lines = new List<string>();
        _ml.Log += (_, line) => lines.Add(line.Message);

        using CaptionTransformer tuned = _ml.VisionLanguage.Trainers.SupervisedFineTuning(_model, Options()).Fit(Data());

        Assert.Equal(before, Weights(_model));
        TrainingResult training = tuned.Training!;
        Assert.True(training.Final.Loss < 0.5 * training.Curve[0].Loss, $"{training.Curve[0].Loss} to {training.Final.Loss}");
        Assert.Equal(4, training.Pairs);
        Assert.NotNull(training.Plan!.Duration);
        Assert.Contains(lines, line => line.Contains("Supervised fine-tuning on 4 answers", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("GiB", StringComparison.Ordinal));
    }

    [Fact]
    public void Fit_Log_TellsOfLossAndNotOfRewardsThatThereAreNot()
    {
        var lines = new List<string>();
        _ml.Log += (_, line) => lines.Add(line.Message);
        SupervisedTrainerOptions options = Options();
        options.Training.MaxSteps = 2;

        using CaptionTransformer tuned = _ml.VisionLanguage.Trainers.SupervisedFineTuning(_model, options).Fit(Data());

        Assert.Equal(2, lines.Count(line => line.Contains("of 2: loss ", StringComparison.Ordinal)));
        Assert.Contains(lines, line => line.Contains("2 steps on 4 answers", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains("reward", StringComparison.Ordinal) || line.Contains("pairs", StringComparison.Ordinal));
    }

    [Fact]
    public void Fit_SeveralPictures_EqualsTheTrainerWithoutMlNet()
    {
        InstructionExample[] examples = [.. Pairs.AboutTwo(3).Select(InstructionExample.FromChosen)];
        using VisionLanguageModel direct = _model.Clone();
        new SupervisedTrainer().Fit(direct, examples, Options().Training, cancellation: TestContext.Current.CancellationToken);

        using CaptionTransformer tuned = _ml.VisionLanguage.Trainers.SupervisedFineTuning(_model, Options())
            .Fit(_ml.VisionLanguage.LoadPreferences(Pairs.AboutTwo(3)));

        Assert.Equal(Weights(direct), Weights(tuned.Model));
    }

    [Fact]
    public void Fit_OwnColumns_ReadsOnlyThemAndAnswersIntoTheNamedOne()
    {
        IDataView rows = _ml.Data.LoadFromEnumerable(Pairs.Many(2).Select(pair =>
            new Row { Photo = pair.Image!.Bytes!.Value.ToArray(), Question = pair.Prompt, Reply = pair.Chosen }));
        SupervisedTrainerOptions options = Options();
        options.Columns = new() { ImageColumnName = "Photo", PromptColumnName = "Question", AnswerColumnName = "Reply" };
        options.Caption = new() { ImageColumnName = "Photo", PromptColumnName = "Question", OutputColumnName = "Said", Generation = TinyModel.Short };
        SupervisedEstimator estimator = _ml.VisionLanguage.Trainers.SupervisedFineTuning(_model, options);

        using CaptionTransformer tuned = estimator.Fit(rows);

        Assert.Contains("Said", estimator.GetOutputSchema(ShapeProbe.Of(_ml, rows)).Select(column => column.Name));
        Assert.Equal(2, tuned.Transform(rows).GetColumn<string>("Said").Count());
        Assert.Contains("'Photo'", Assert.Throws<ArgumentOutOfRangeException>(() => estimator.Fit(Data())).Message);
    }

    [Fact]
    public void Fit_Twice_GivesEqualWeights()
    {
        SupervisedEstimator estimator = _ml.VisionLanguage.Trainers.SupervisedFineTuning(_model, Options());

        using CaptionTransformer one = estimator.Fit(Data()), other = estimator.Fit(Data());

        Assert.Equal(Weights(one.Model), Weights(other.Model));
    }

    [Fact]
    public void Fit_ThenDenseDpo_IsOnePipelineOfTwoStages()
    {
        using CaptionTransformer tuned = _ml.VisionLanguage.Trainers
            .SupervisedFineTuning(_model, learningRate: 1e-3, epochs: 2, batchSize: 2).Fit(Data());
        using CaptionTransformer aligned = _ml.VisionLanguage.Trainers.DenseDpo(tuned.Model, learningRate: 1e-3, epochs: 1).Fit(Data());

        Assert.Equal(4, tuned.Training!.Steps);
        Assert.Equal(Math.Log(2), aligned.Training!.Curve[0].Loss, 1e-5);
    }

    [Fact]
    public void SupervisedFineTuning_ManyMistakes_TellsAllAtOnce()
    {
        SupervisedTrainerOptions options = Options();
        options.Training.LearningRate = 0;
        options.Columns.AnswerColumnName = "";
        options.Caption = new() { BatchSize = 0 };

        var problem = Assert.Throws<ArgumentException>(() => _ml.VisionLanguage.Trainers.SupervisedFineTuning(_model, options));

        Assert.All(["LearningRate", "AnswerColumnName", "BatchSize"], name => Assert.Contains(name, problem.Message));
    }

    private IDataView Data() => _ml.VisionLanguage.LoadPreferences(Pairs.Many(4));

    private static SupervisedTrainerOptions Options() => new()
    {
        Training = new() { BatchSize = 2, MaxSteps = 16, LearningRate = 3e-3, WarmupRatio = 0, Schedule = LearningRateSchedule.Constant, Seed = 4 },
        Caption = new() { Generation = TinyModel.Short },
    };

    private static float[] Weights(VisionLanguageModel model) =>
        [.. model.Network.named_parameters().OrderBy(p => p.name, StringComparer.Ordinal).SelectMany(p => p.parameter.data<float>().ToArray())];

    private sealed class Row
    {
        public byte[] Photo { get; set; } = [];

        public string Question { get; set; } = "";

        public string Reply { get; set; } = "";
    }
}
