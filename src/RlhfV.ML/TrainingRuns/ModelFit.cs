using Microsoft.ML;
using RlhfV.ML.Columns;
using RlhfV.ML.Saving;
using RlhfV.Models;
using RlhfV.Training;

namespace RlhfV.ML.TrainingRuns;

/// <summary>What every fit does around its training: a copy of the model learns, and is thrown away unless the run ends well.</summary>
internal sealed class ModelFit(MLContext mlContext, VisionLanguageModel model, VisionLanguageTrainerOptions options, TrainingReport report)
{
    /// <summary>Trains a copy and puts it into a transformer.</summary>
    /// <param name="images">How pictures come to the transformer.</param>
    /// <param name="lora">Whether low-rank corrections learn, which the transformer then keeps apart.</param>
    /// <param name="examples">How many examples there are.</param>
    /// <param name="train">Trains the copy; its second argument is where learned corrections shall be written, or null.</param>
    public CaptionTransformer Run(ImageColumnKind images, bool lora, int examples, Func<VisionLanguageModel, string?, TrainingResult> train)
    {
        VisionLanguageModel policy = model.Clone();
        LearnedAdapter? adapter = lora && model.Folder is { } folder ? LearnedAdapter.Begin(folder) : null;
        try
        {
            TrainingResult result = Cancellable(() => train(policy, adapter?.Folder), examples);
            report.Finish(result);
            return new CaptionTransformer(mlContext, policy, options.Caption!, images, result, adapter);
        }
        catch
        {
            policy.Dispose();
            adapter?.Dispose();
            throw;
        }
    }

    private TrainingResult Cancellable(Func<TrainingResult> train, int examples)
    {
        try
        {
            return train();
        }
        catch (OperationCanceledException) when (options.OnCancel == CancelledFit.KeepModel && report.Curve.Count > 0)
        {
            TrainingProgress last = report.Curve[^1];
            return new TrainingResult { Steps = last.Step, Pairs = examples, Curve = report.Curve, Elapsed = last.Elapsed };
        }
    }
}
