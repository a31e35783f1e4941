using Microsoft.ML;
using Microsoft.ML.Data;
using RlhfV.Models;
using RlhfV.Training;
using TorchSharp;

namespace RlhfV.ML.Tests.Soak;

/// <summary>Counts the process's tensors and its memory, so nothing may run beside it.</summary>
[CollectionDefinition(nameof(LeakTests), DisableParallelization = true)]
[Collection(nameof(LeakTests))]
public sealed class LeakTests : IDisposable
{
    private readonly MLContext _ml = new(1);
    private readonly VisionLanguageModel _model = TinyModel.Load();

    public void Dispose() => _model.Dispose();

    [Fact]
    public void Transform_ReadAndLeftHalfway_LeavesNoTensorAndNoCursor()
    {
        var data = new CountingView(_ml.Data.LoadFromEnumerable(BytesRow.Many(9)), "Image");
        AssertNothingLeft(() =>
        {
            using CaptionTransformer transformer = Caption(data);
            _ = transformer.Transform(data).GetColumn<string>("Caption").Count();
            _ = transformer.Transform(data).GetColumn<string>("Caption").First();
        });
        Assert.Equal(0, data.OpenCursors);
    }

    [Fact]
    public void Fit_Finished_LeavesNoTensorAndNoCursor()
    {
        var data = new CountingView(_ml.VisionLanguage.LoadPreferences(Pairs.Many(4)), "Image");
        AssertNothingLeft(() =>
        {
            using CaptionTransformer transformer = _ml.VisionLanguage.Trainers.DenseDpo(_model, Steps(2)).Fit(data);
        }, modelsMade: 1);
        Assert.Equal(0, data.OpenCursors);
    }

    [Fact]
    public void Fit_Failed_LeavesNoTensorAndNoCursor()
    {
        var data = new CountingView(_ml.VisionLanguage.LoadPreferences(Pairs.Many(4)), "Image");
        AssertNothingLeft(() =>
        {
            using var source = new CancellationTokenSource();
            DenseDpoTrainerOptions options = Steps(4);
            options.CancellationToken = source.Token;
            options.Progress = new Canceller(source);
            Assert.Throws<OperationCanceledException>(() => _ml.VisionLanguage.Trainers.DenseDpo(_model, options).Fit(data));
        }, modelsMade: 1);
        Assert.Equal(0, data.OpenCursors);
    }

    [Fact]
    public void ReferenceLogProbs_Read_LeavesNoTensor()
    {
        IDataView data = _ml.VisionLanguage.LoadPreferences(Pairs.Many(3));
        AssertNothingLeft(() =>
        {
            using ReferenceLogProbsTransformer transformer = _ml.VisionLanguage.ReferenceLogProbs(_model).Fit(data);
            _ = transformer.Transform(data).GetColumn<float>("ChosenLogProb").Sum();
        });
    }

    [Fact]
    public void LoadTransformer_Disposed_LeavesNoTensor()
    {
        using var folder = new TemporaryFolder();
        IDataView data = _ml.Data.LoadFromEnumerable(BytesRow.Many(1));
        using (CaptionTransformer transformer = Caption(data))
            _ml.VisionLanguage.SaveTransformer(transformer, data.Schema, folder["t.zip"]);
        AssertNothingLeft(() =>
        {
            using var loaded = (CaptionTransformer)_ml.VisionLanguage.LoadTransformer(folder["t.zip"], out _);
            _ = loaded.Transform(data).GetColumn<string>("Caption").Single();
        }, modelsMade: 1);
    }

    [Fact]
    public void LoadTransformer_OneOfTwoModelsMissing_GivesTheOtherBackAtOnce()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.CopyModel("other"), "notes.txt"), "so that it is another model");
        IDataView data = _ml.Data.LoadFromEnumerable(BytesRow.Many(1));
        using (VisionLanguageModel one = VisionLanguageModel.Load(folder.CopyModel("one")), other = VisionLanguageModel.Load(folder["other"]))
        using (var chain = _ml.VisionLanguage.Caption(one).Append(_ml.VisionLanguage.Caption(other, "Second")).Fit(data))
            _ml.Model.Save(chain, data.Schema, folder["two.zip"]);
        Directory.Delete(folder["other"], recursive: true);

        long before = Settle().Tensors;

        Assert.Throws<FileNotFoundException>(() => _ml.VisionLanguage.LoadTransformer(folder["two.zip"], out _));

        // Without waiting for the garbage collector; every parameter that was made raises the count by one for good.
        Assert.InRange(torch.Tensor.TotalCount, 0, before + _model.Network.parameters().Count());
    }

    [Theory]
    [InlineData("caption")]
    [InlineData("reference")]
    [InlineData("fit")]
    public void Dispose_WhileAnotherThreadComputes_EndsWithAnExceptionAtMost(string what)
    {
        IDataView data = _ml.VisionLanguage.LoadPreferences(Pairs.Many(24));
        for (int run = 0; run < 12; run++)
        {
            Exception? problem = null;
            VisionLanguageModel model = TinyModel.Load();
            IDisposable disposed = model;
            Action compute = () => _ml.VisionLanguage.Trainers.DenseDpo(model, Steps(1)).Fit(data).Dispose();
            if (what == "caption")
            {
                CaptionTransformer transformer =
                    _ml.VisionLanguage.Caption(model, new CaptionOptions { Generation = TinyModel.Short, BatchSize = 4 }).Fit(data);
                (disposed, compute) = (transformer, () => transformer.Transform(data).GetColumn<string>("Caption").Count());
                model.Dispose();
            }
            else if (what == "reference")
            {
                ReferenceLogProbsTransformer transformer = _ml.VisionLanguage.ReferenceLogProbs(model).Fit(data);
                (disposed, compute) = (transformer, () => transformer.Transform(data).GetColumn<float>("ChosenLogProb").Count());
                model.Dispose();
            }

            var thread = new Thread(() => problem = Record.Exception(compute));
            thread.Start();
            Thread.Sleep(2 * run);
            disposed.Dispose();
            thread.Join();

            Assert.True(problem is null or ObjectDisposedException, $"{problem}");
        }
    }

    [Fact]
    public void PredictionEngine_5000Predictions_KeepsMemoryFlat()
    {
        CaptionTransformer transformer = Caption(_ml.Data.LoadFromEnumerable(BytesRow.Many(1)));

        AssertFlat("as fitted", transformer, 5000);
    }

    [Fact]
    public void PredictionEngine_LoadedByMlNet_KeepsMemoryFlat()
    {
        using var folder = new TemporaryFolder();
        VisionLanguageModelStore.AddRoot(folder.Path);
        IDataView data = _ml.Data.LoadFromEnumerable(BytesRow.Many(1));
        using (CaptionTransformer transformer = Caption(data))
            _ml.VisionLanguage.SaveTransformer(transformer, data.Schema, folder["t.zip"]);

        AssertFlat("as loaded by ML.NET", _ml.Model.Load(folder["t.zip"], out _), 1000);
    }

    private void AssertFlat(string what, ITransformer transformer, int predictions)
    {
        BytesRow[] rows = BytesRow.Many(8);
        using PredictionEngine<BytesRow, CaptionedRow> engine = _ml.Model.CreatePredictionEngine<BytesRow, CaptionedRow>(transformer);
        Predict(500);
        (long tensors, long memory) = Settle();

        Predict(predictions);

        (long tensorsAfter, long memoryAfter) = Settle();
        double growth = (memoryAfter - memory) / 1048576.0;
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{predictions} predictions {what}: {memory >> 20} MB, then {growth:+0.0;-0.0} MB and {tensorsAfter - tensors:+0;-0;0} tensors.");
        Assert.Equal(tensors, tensorsAfter);
        Assert.InRange(growth, double.NegativeInfinity, 24);

        void Predict(int count)
        {
            for (int i = 0; i < count; i++)
                engine.Predict(rows[i % rows.Length]);
        }
    }

    private static DenseDpoTrainerOptions Steps(int steps) => new()
    {
        Training = new DenseDpoOptions { BatchSize = 2, MaxSteps = steps, LearningRate = 1e-3 },
    };

    private static (long Tensors, long Memory) Settle()
    {
        // What earlier tests left to the finalizers may take several rounds to go; it must not be counted here.
        long last = -1;
        for (int round = 0, same = 0; same < 3 && round < 50; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            same = torch.Tensor.TotalCount == last ? same + 1 : 0;
            last = torch.Tensor.TotalCount;
        }

        return (torch.Tensor.TotalCount, Environment.WorkingSet);
    }

    /// <summary>
    /// TorchSharp's count rises by one for good with every parameter that is made: the parameter takes over the handle of the tensor it is made
    /// of, which is counted once more and never again. Models that an action makes are subtracted.
    /// </summary>
    private void AssertNothingLeft(Action action, int modelsMade = 0)
    {
        const int Runs = 3;
        action(); // what is made once is made here
        long before = Settle().Tensors;
        for (int i = 0; i < Runs; i++)
            action();
        Assert.Equal(before + Runs * modelsMade * _model.Network.parameters().Count(), Settle().Tensors);
    }

    private CaptionTransformer Caption(IDataView data) => _ml.VisionLanguage
        .Caption(_model, new CaptionOptions { Generation = TinyModel.Short with { MaxNewTokens = 1 }, BatchSize = 4 }).Fit(data);

    private sealed class Canceller(CancellationTokenSource source) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => source.Cancel();
    }
}
