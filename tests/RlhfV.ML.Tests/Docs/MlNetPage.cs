using System.Collections.Concurrent;
using Microsoft.ML;
using Microsoft.ML.Data;
using RlhfV.Evaluation;
using RlhfV.Models;
using RlhfV.Preferences;
using RlhfV.Training;

namespace RlhfV.ML.Tests.Docs;

/// <summary>The examples of docs/mlnet.md. <see cref="PageTests"/> holds page and code equal; each example runs here.</summary>
public sealed class MlNetPage : IDisposable
{
    private readonly TemporaryFolder _temporary = new();
    private readonly ConcurrentQueue<string> _lines = []; // progress arrives on other threads, also while a test reads

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void Align()
    {
        string checkpoint = TinyModel.Folder, output = _temporary.Path;
        string corrections = Path.Combine(output, "corrections.parquet");
        PreferenceFile.Write(corrections, Pairs.Many(4), cancellationToken: TestContext.Current.CancellationToken);

        #region align
        var ml = new MLContext(seed: 1);
        using VisionLanguageModel model = ml.VisionLanguage.LoadModel(checkpoint);
        IDataView pairs = ml.VisionLanguage.LoadPreferences(corrections);

        using CaptionTransformer aligned = ml.VisionLanguage.Trainers.DenseDpo(model, learningRate: 2e-5, epochs: 1).Fit(pairs);

        ml.VisionLanguage.SaveTransformer(aligned, pairs.Schema, Path.Combine(output, "aligned.zip"));
        #endregion

        Assert.True(File.Exists(Path.Combine(output, "aligned.zip")));
        Assert.True(File.Exists(Path.Combine(output, "aligned", "config.json")));
    }

    [Fact]
    public void Train()
    {
        var ml = new MLContext(seed: 1);
        using VisionLanguageModel model = ml.VisionLanguage.LoadModel(TinyModel.Folder);
        IDataView data = ml.VisionLanguage.LoadPreferences(Pairs.Many(4));
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        IDataView renamed = ml.Transforms.CopyColumns("Question", "Prompt").Fit(data).Transform(data);

        #region options
        ml.Log += (_, line) => WriteLine(line.Message);
        DenseDpoEstimator trainer = ml.VisionLanguage.Trainers.DenseDpo(model, new DenseDpoTrainerOptions
        {
            Training = new DenseDpoOptions { Beta = 0.5, Gamma = 5, LearningRate = 2e-5, Epochs = 2, BatchSize = 2, Seed = 7 },
            Columns = new PreferenceColumnNames { PromptColumnName = "Question" },
            Caption = new CaptionOptions { PromptColumnName = "Question", OutputColumnName = "Reply" },
            Progress = new Progress<TrainingProgress>(step => WriteLine($"{step.Step}/{step.TotalSteps}: {step.Loss:F3}")),
            CancellationToken = cancellationToken,
        });
        using CaptionTransformer aligned = trainer.Fit(renamed);
        WriteLine($"reward accuracy {aligned.Training!.Final.RewardAccuracy:P0}");
        #endregion

        Assert.Contains(_lines, line => line.Contains("Dense DPO on 4 pairs"));
        Assert.Equal(4, aligned.Training.Steps);
    }

    [Fact]
    public void Caption()
    {
        var ml = new MLContext(seed: 1);
        string checkpoint = TinyModel.Folder, pictures = _temporary.Path;
        File.WriteAllBytes(Path.Combine(pictures, "1.png"), Picture.Png(1));
        byte[] upload = Picture.Png(2);

        #region caption
        using VisionLanguageModel model = ml.VisionLanguage.LoadModel(checkpoint);
        IDataView files = ml.Data.LoadFromEnumerable([new PathRow { Image = "1.png" }]);
        using CaptionTransformer captions = ml.VisionLanguage
            .Caption(model, new CaptionOptions { ImageFolder = pictures, Prompt = "What is in this picture?", BatchSize = 4 })
            .Fit(files);

        foreach (string caption in captions.Transform(files).GetColumn<string>("Caption"))
            WriteLine(caption);
        #endregion

        #region chain
        var chain = ml.Transforms.CopyColumns("Photo", "Image")
            .Append(ml.VisionLanguage.Caption(model, outputColumnName: "Reply", imageColumnName: "Photo", promptColumnName: "Prompt"))
            .Append(ml.Transforms.Text.NormalizeText("Normal", "Reply"));
        #endregion

        #region engine
        IDataView rows = ml.Data.LoadFromEnumerable(new List<BytesRow>());
        using PredictionEngine<BytesRow, CaptionedRow> engine =
            ml.Model.CreatePredictionEngine<BytesRow, CaptionedRow>(ml.VisionLanguage.Caption(model, promptColumnName: "Prompt").Fit(rows));
        WriteLine(engine.Predict(new BytesRow { Image = upload, Prompt = "What colour is it?" }).Caption);
        #endregion

        Assert.Equal(2, _lines.Count);
        Assert.NotNull(chain);
    }

    [Fact]
    public void BadRows()
    {
        var ml = new MLContext(seed: 1);
        using VisionLanguageModel model = ml.VisionLanguage.LoadModel(TinyModel.Folder);
        IDataView rows = ml.Data.LoadFromEnumerable([new BytesRow { Image = Picture.Png(1) }, new BytesRow { Image = [1, 2, 3] }]);

        #region bad-rows
        var options = new CaptionOptions { OnBadRow = problem => WriteLine($"row {problem.Row}, {problem.Column}: {problem.Reason}") };
        #endregion

        options.Generation = TinyModel.Short;
        using CaptionTransformer captions = ml.VisionLanguage.Caption(model, options).Fit(rows);
        Assert.Equal(2, captions.Transform(rows).GetColumn<string>("Caption").Count());
        Assert.StartsWith("row 2, Image:", Assert.Single(_lines));
    }

    [Fact]
    public void SaveAndLoad()
    {
        var ml = new MLContext(seed: 1);
        string output = _temporary.Path, picture = Path.Combine(output, "1.png");
        File.WriteAllBytes(picture, Picture.Png(1));
        using VisionLanguageModel model = ml.VisionLanguage.LoadModel(TinyModel.Folder);
        IDataView rows = ml.Data.LoadFromEnumerable([new BytesRow { Image = Picture.Png(1) }]);
        using CaptionTransformer captions = ml.VisionLanguage.Caption(model, new CaptionOptions { Generation = TinyModel.Short }).Fit(rows);

        #region save
        ml.VisionLanguage.SaveTransformer(captions, rows.Schema, Path.Combine(output, "captions.zip"));
        #endregion

        #region load
        var elsewhere = new MLContext();
        ITransformer loaded = elsewhere.VisionLanguage.LoadTransformer(Path.Combine(output, "captions.zip"), out DataViewSchema? schema);
        #endregion

        using var owner = (IDisposable)loaded;
        Assert.NotNull(schema);
        string expected = captions.Transform(rows).GetColumn<string>("Caption").Single();
        Assert.Equal(expected, loaded.Transform(rows).GetColumn<string>("Caption").Single());

        #region stock
        captions.Model.Save(Path.Combine(output, "my-model"));
        ml.Model.Save(captions, rows.Schema, Path.Combine(output, "stock.zip"));

        VisionLanguageModelStore.AddRoot(output); // or the environment variable RLHFV_MODEL_ROOT
        ITransformer stock = elsewhere.Model.Load(Path.Combine(output, "stock.zip"), out _);
        #endregion

        Assert.Equal(expected, stock.Transform(rows).GetColumn<string>("Caption").Single());
    }

    [Fact]
    public void Measure()
    {
        var ml = new MLContext(seed: 1);
        using VisionLanguageModel model = ml.VisionLanguage.LoadModel(TinyModel.Folder);
        IDataView pairs = ml.VisionLanguage.LoadPreferences(Pairs.Many(3));
        string cache = Path.Combine(_temporary.Path, "scored.idv");
        IDataView answers = ml.Data.LoadFromEnumerable([new YesNo { Caption = "Yes.", Label = true }]);

        #region reference
        using ReferenceLogProbsTransformer reference = ml.VisionLanguage.ReferenceLogProbs(model).Fit(pairs);
        using (FileStream file = File.Create(cache))
            ml.Data.SaveAsBinary(reference.Transform(pairs), file);
        IDataView scored = ml.Data.LoadFromBinary(cache);
        float margin = scored.GetColumn<float>("ChosenLogProb").Zip(scored.GetColumn<float>("RejectedLogProb"), (c, r) => c - r).Average();
        #endregion

        #region evaluate
        HallucinationMetrics before = ml.VisionLanguage.Evaluate(pairs);
        PopeResult pope = ml.VisionLanguage.EvaluatePope(answers);
        WriteLine($"{before.ResponseRate.Value:P0} of answers hallucinate; POPE accuracy {pope.Metrics.Accuracy.Value:P0}");
        #endregion

        Assert.True(float.IsFinite(margin));
        Assert.Equal(1, before.ResponseRate.Value);
        Assert.Single(_lines);
    }

    [Fact]
    public void WriteBack()
    {
        var ml = new MLContext(seed: 1);
        IDataView pairs = ml.VisionLanguage.LoadPreferences(Pairs.Many(3));
        string path = Path.Combine(_temporary.Path, "long.jsonl");

        #region write-back
        IDataView longAnswers = ml.Data.FilterByCustomPredicate<ChosenRow>(pairs, row => row.Chosen.Length < 10);
        PreferenceFile.Write(path, ml.VisionLanguage.CreatePreferences(longAnswers));
        #endregion

        Assert.Equal(3, PreferenceFile.Read(path).Count());
    }

    private void WriteLine(string line)
    {
        _lines.Enqueue(line);
    }

    private sealed class ChosenRow
    {
        public string Chosen { get; set; } = "";
    }

    private sealed class YesNo
    {
        public string Caption { get; set; } = "";

        public bool Label { get; set; }
    }
}
