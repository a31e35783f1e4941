using Microsoft.ML;
using Microsoft.ML.Data;
using RlhfV.Models;
using RlhfV.Preferences;
using RlhfV.Training;

namespace RlhfV.ML.Tests.ReferenceScoring;

public sealed class ReferenceLogProbsTests : IDisposable
{
    private readonly MLContext _ml = new(1);
    private readonly VisionLanguageModel _model = TinyModel.Load();

    public void Dispose() => _model.Dispose();

    [Fact]
    public void Transform_Pairs_GivesTheScoresThatTrainingStartsFrom()
    {
        PreferenceExample[] pairs = Pairs.Many(4);
        using VisionLanguageModel policy = _model.Clone();
        var plain = new DenseDpoOptions { Gamma = 1, Normalize = false, BatchSize = pairs.Length, MaxSteps = 1 };
        TrainingProgress start = new PreferenceTrainer().Fit(policy, pairs, plain, cancellation: TestContext.Current.CancellationToken).Curve[0];

        IDataView scored = Transform(pairs);

        Assert.Equal(start.ChosenLogProb, scored.GetColumn<float>("ChosenLogProb").Average(), 1e-3);
        Assert.Equal(start.RejectedLogProb, scored.GetColumn<float>("RejectedLogProb").Average(), 1e-3);
    }

    [Fact]
    public void Transform_SeveralPictures_ScoresWithAllOfThem()
    {
        PreferenceExample[] pairs = Pairs.AboutTwo(2);
        using VisionLanguageModel policy = _model.Clone();
        var plain = new DenseDpoOptions { Gamma = 1, Normalize = false, BatchSize = pairs.Length, MaxSteps = 1 };
        TrainingProgress start = new PreferenceTrainer().Fit(policy, pairs, plain, cancellation: TestContext.Current.CancellationToken).Curve[0];

        float[] two = [.. Transform(pairs).GetColumn<float>("ChosenLogProb")];

        Assert.Equal(start.ChosenLogProb, two.Average(), 1e-3);
        Assert.All(two.Zip(Transform(Pairs.Many(2)).GetColumn<float>("ChosenLogProb")), pair => Assert.NotEqual(pair.First, pair.Second, 1e-3f));
    }

    [Fact]
    public void Transform_PicturesKnownByPath_AreSeen()
    {
        using var folder = new TemporaryFolder();
        PreferenceExample[] pairs = Pairs.AboutTwo(1);
        File.WriteAllBytes(folder["a.png"], pairs[0].Images[0].Bytes!.Value.ToArray());
        File.WriteAllBytes(folder["b.png"], pairs[0].Images[1].Bytes!.Value.ToArray());
        PreferenceExample[] located = [pairs[0].WithImages([PreferenceImage.FromPath(folder["a.png"]), PreferenceImage.FromPath(folder["b.png"])])];

        Assert.Equal(Transform(pairs).GetColumn<float>("ChosenLogProb"), Transform(located).GetColumn<float>("ChosenLogProb"));
    }

    [Fact]
    public void Transform_BatchOrAlone_GivesTheSame()
    {
        PreferenceExample[] pairs = Pairs.Many(5);

        float[] together = [.. Transform(pairs, batchSize: 3).GetColumn<float>("RejectedLogProb")];

        Assert.All(pairs.Index(), pair => Assert.Equal(
            Transform([pair.Item], batchSize: 1).GetColumn<float>("RejectedLogProb").Single(), together[pair.Index], 1e-3f));
    }

    [Fact]
    public void Transform_WrittenAndRead_IsFoundInPreferenceFiles()
    {
        using var folder = new TemporaryFolder();
        PreferenceExample[] examples = [.. _ml.VisionLanguage.CreatePreferences(Transform(Pairs.Many(2)))];
        PreferenceFile.Write(folder["scored.parquet"], examples, cancellationToken: TestContext.Current.CancellationToken);

        PreferenceExample[] read = [.. PreferenceFile.Read(folder["scored.parquet"])];

        Assert.Equal(examples.Select(e => e.ReferenceLogProbs), read.Select(e => e.ReferenceLogProbs));
        ReferenceLogProbs first = read[0].ReferenceLogProbs!;
        Assert.Equal(first.ChosenSum, first.ChosenPerToken.Sum(), 1e-9);
        int answer = _model.Processor.EncodeAnswer(Prompt.Ask(read[0].Prompt, ImageSource.FromBytes(read[0].Image!.Bytes!.Value)), read[0].Chosen)
            .AnswerIds.Count;
        Assert.Equal(first.ChosenSum / answer, first.ChosenMean, 1e-9);
        Assert.Equal(answer, first.ChosenPerToken.Count(value => value != 0));
        Assert.All(first.ChosenPerToken.SkipLast(answer), value => Assert.Equal(0, value));
    }

    [Fact]
    public void Transform_SavedAsBinary_NeedsNoModelAgain()
    {
        using var folder = new TemporaryFolder();
        IDataView scored = Transform(Pairs.Many(3), transformer => transformer.Dispose(), out float[] values, folder["scored.idv"]);

        IDataView loaded = _ml.Data.LoadFromBinary(folder["scored.idv"]);

        Assert.Equal(values, loaded.GetColumn<float>("ChosenLogProb"));
        Assert.Equal(Pairs.Many(3).Select(p => p.Segments[0]), _ml.VisionLanguage.CreatePreferences(loaded).Select(p => p.Segments[0]));
        Assert.Throws<ObjectDisposedException>(() => scored.GetColumn<float>("ChosenLogProb").ToArray());
    }

    [Fact]
    public void Fit_ReferenceColumn_TrainsTheSameWithoutAPassOfItsOwn()
    {
        IDataView scored = Transform(Pairs.Many(4));
        DenseDpoTrainerOptions own = Options(null), stored = Options("ReferenceLogProbs");

        using CaptionTransformer computed = _ml.VisionLanguage.Trainers.DenseDpo(_model, own).Fit(scored);
        using CaptionTransformer taken = _ml.VisionLanguage.Trainers.DenseDpo(_model, stored).Fit(scored);

        Assert.All(
            computed.Training!.Curve.Zip(taken.Training!.Curve),
            steps => Assert.Equal(steps.First.Loss, steps.Second.Loss, 1e-4));
    }

    [Theory]
    [InlineData("another model", "of another model")]
    [InlineData("another length", "expected")]
    [InlineData("none", "has no stored")]
    public void Fit_ReferenceColumnThatDoesNotFit_IsRefused(string what, string message)
    {
        PreferenceExample[] pairs = [.. _ml.VisionLanguage.CreatePreferences(Transform(Pairs.Many(2)))];
        ReferenceLogProbs right = pairs[1].ReferenceLogProbs!;
        pairs = [.. pairs.Select(pair => pair with
        {
            ReferenceLogProbs = what switch
            {
                "another model" => pair.ReferenceLogProbs! with
                {
                    ChosenPerToken = [.. pair.ReferenceLogProbs!.ChosenPerToken.Select(value => value * 0.5)],
                },
                "another length" => right with { ChosenPerToken = [.. right.ChosenPerToken, -1] },
                _ => null,
            },
        })];

        var problem = Assert.Throws<ArgumentException>(() =>
            _ml.VisionLanguage.Trainers.DenseDpo(_model, Options("ReferenceLogProbs")).Fit(_ml.VisionLanguage.LoadPreferences(pairs)));

        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Transform_PairThatCannotBeScored_NamesRowAndColumn()
    {
        PreferenceExample[] pairs = Pairs.Many(3);
        pairs[1] = pairs[1] with { Image = PreferenceImage.FromBytes(new byte[] { 1, 2, 3 }) };

        var problem = Assert.Throws<RowDataException>(() => Transform(pairs).GetColumn<float>("ChosenLogProb").ToArray());

        Assert.Equal((2, "Image"), (problem.Row, problem.Column));
    }

    [Fact]
    public void GetOutputSchema_Pairs_AddsThreeColumns()
    {
        IDataView data = _ml.VisionLanguage.LoadPreferences(Pairs.Many(1));
        IDataView fresh = _ml.Transforms.DropColumns("ReferenceLogProbs").Fit(data).Transform(data);
        ReferenceLogProbsEstimator estimator = _ml.VisionLanguage.ReferenceLogProbs(_model);

        SchemaShape shape = estimator.GetOutputSchema(ShapeProbe.Of(_ml, fresh));

        Assert.Equal(TextDataViewType.Instance, shape.Single(column => column.Name == "ReferenceLogProbs").ItemType);
        Assert.Equal(NumberDataViewType.Single, shape.Single(column => column.Name == "ChosenLogProb").ItemType);
        Assert.Equal(NumberDataViewType.Single, shape.Single(column => column.Name == "RejectedLogProb").ItemType);
        using ReferenceLogProbsTransformer transformer = estimator.Fit(fresh);
        Assert.Equal([.. fresh.Schema.Select(c => c.Name), "ReferenceLogProbs", "ChosenLogProb", "RejectedLogProb"],
            transformer.GetOutputSchema(fresh.Schema).Select(c => c.Name));
    }

    [Fact]
    public void GetOutputSchema_NamesOfOtherColumns_EqualsTheTransformers()
    {
        IDataView data = _ml.VisionLanguage.LoadPreferences(Pairs.Many(1));
        ReferenceLogProbsEstimator estimator = _ml.VisionLanguage.ReferenceLogProbs(
            _model, new() { OutputColumnName = "Chosen", ChosenColumnName = "Rejected", RejectedColumnName = "Json" });

        SchemaShape shape = estimator.GetOutputSchema(ShapeProbe.Of(_ml, data));

        using ReferenceLogProbsTransformer transformer = estimator.Fit(data);
        Assert.Equal(
            transformer.GetOutputSchema(data.Schema).Where(column => !column.IsHidden && column.Name != "Image").ToDictionary(c => c.Name, c => c.Type),
            shape.Where(column => column.Name is not ("Copy" or "Image")).ToDictionary(c => c.Name, c => c.ItemType));
    }

    [Fact]
    public void ModelSave_Transformer_IsRefusedWithTheRemedy()
    {
        IDataView data = _ml.VisionLanguage.LoadPreferences(Pairs.Many(1));
        using ReferenceLogProbsTransformer transformer = _ml.VisionLanguage.ReferenceLogProbs(_model).Fit(data);
        using var stream = new MemoryStream();

        Assert.Contains("SaveAsBinary", Assert.Throws<NotSupportedException>(() => _ml.Model.Save(transformer, null, stream)).Message);
    }

    [Fact]
    public void ReferenceLogProbs_SameNameTwice_IsRefused() => Assert.Throws<ArgumentException>(
        () => _ml.VisionLanguage.ReferenceLogProbs(_model, new() { ChosenColumnName = "X", RejectedColumnName = "X" }));

    private static DenseDpoTrainerOptions Options(string? referenceColumn) => new()
    {
        Training = new() { BatchSize = 2, MaxSteps = 4, LearningRate = 1e-3, WarmupRatio = 0 },
        Columns = new() { ReferenceLogProbsColumnName = referenceColumn },
    };

    private IDataView Transform(PreferenceExample[] pairs, int batchSize = 4)
    {
        IDataView data = _ml.VisionLanguage.LoadPreferences(pairs);
        return _ml.VisionLanguage.ReferenceLogProbs(_model, new() { BatchSize = batchSize }).Fit(data).Transform(data);
    }

    private IDataView Transform(PreferenceExample[] pairs, Action<ReferenceLogProbsTransformer> after, out float[] values, string file)
    {
        IDataView data = _ml.VisionLanguage.LoadPreferences(pairs);
        ReferenceLogProbsTransformer transformer = _ml.VisionLanguage.ReferenceLogProbs(_model).Fit(data);
        IDataView scored = transformer.Transform(data);
        values = [.. scored.GetColumn<float>("ChosenLogProb")];
        using (FileStream stream = File.Create(file))
            _ml.Data.SaveAsBinary(scored, stream);
        after(transformer);
        return scored;
    }
}
