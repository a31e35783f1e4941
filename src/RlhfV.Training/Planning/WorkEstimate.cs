using RlhfV.Models;
using RlhfV.Training.Augmentation;
using RlhfV.Training.Loop;
using RlhfV.Training.Packing;

namespace RlhfV.Training.Planning;

/// <summary>Counts the floating-point operations of a run; a multiplication with its addition counts two.</summary>
internal sealed class WorkEstimate(NetworkShape shape, TrainingOptions options, TrainingWorkload workload)
{
    // A backward pass costs a forward pass for the inputs' gradients and another one for those of weights that learn.
    private const double InputGradients = 1, WeightGradients = 1;

    /// <summary>Operations of learning from one example once.</summary>
    public double PerExample
    {
        get
        {
            double backward = InputGradients + (options.Lora is null && !options.FrozenParts.Contains(NetworkPart.Decoder) ? WeightGradients : 0);
            double again = options.Recompute ? 1 : 0;
            double tower = options.TowerLearns ? TowerForward * (1 + InputGradients + WeightGradients) : 0;
            return DecoderForward * (1 + backward + again) + HeadForward * (1 + backward) + tower;
        }
    }

    /// <summary>Operations before the first step: reference log-probabilities, and the features of a frozen tower.</summary>
    /// <param name="hasReference">Whether the objective compares with the starting weights.</param>
    public double Preparation(bool hasReference)
    {
        int views = Math.Max(1, ExampleViews<object>.CountOf(options, workload.Examples));
        double reference = !hasReference ? 0
            : workload.Examples * (options is DenseDpoOptions { ReferencePrecision: ReferencePrecision.Released } released
                ? RowsOf(released) * DecoderForward + HeadForward + TowerForward
                : DecoderForward + HeadForward + (options.TowerLearns ? TowerForward : 0));
        double features = options.TowerLearns || workload.PicturesPerExample == 0
            ? 0
            : workload.Pictures * (TowerForward / workload.PicturesPerExample);
        return (options.Augmentation?.Reference == ReferenceView.AnotherView ? 1 : views) * reference + views * features;
    }

    /// <summary>Both answers whole, which is a little less than twice a packed pair.</summary>
    private static double RowsOf(DenseDpoOptions options) => options.Layout == PairLayout.Packed ? 2 : 1;

    private double DecoderForward
    {
        get
        {
            double maps = shape.Parameters.Where(p => p.Part != NetworkPart.VisionTower && p.IsLinear && !IsHead(p)).Sum(p => 2.0 * p.Count);
            double attention = 4.0 * workload.Tokens * shape.Decoder.Heads * shape.Decoder.HeadSize * shape.Decoder.Layers;
            return workload.Tokens * (maps + attention);
        }
    }

    private double HeadForward => workload.AnswerTokens * 2.0 * shape.Decoder.VocabularySize * shape.Decoder.HiddenSize;

    private double TowerForward =>
        workload.PicturesPerExample * workload.TowerTokens
        * shape.Parameters.Where(p => p.Part == NetworkPart.VisionTower && p.IsLinear).Sum(p => 2.0 * p.Count);

    private bool IsHead(ParameterShape p) => p.Shape[0] == shape.Decoder.VocabularySize;
}
