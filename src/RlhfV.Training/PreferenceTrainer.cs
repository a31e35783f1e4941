using RlhfV.Models;
using RlhfV.Models.Modules;
using RlhfV.Preferences;
using RlhfV.Training.Objectives;
using RlhfV.Training.Optimization;
using RlhfV.Training.Packing;
using RlhfV.Training.Pictures;
using static TorchSharp.torch;

namespace RlhfV.Training;

/// <summary>Aligns a vision-language model with corrected answers by dense DPO (RLHF-V, CVPR 2024).</summary>
/// <param name="time">The clock; null for the system's.</param>
public sealed class PreferenceTrainer(TimeProvider? time = null)
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>
    /// Trains a model in place. Its state at the call is the reference, whose log-probabilities are computed before the first step.
    /// Whatever happens, the model is left in evaluation mode and without gradients; <see cref="VisionLanguageModel.Clone"/> keeps a base.
    /// </summary>
    /// <param name="policy">The model.</param>
    /// <param name="examples">The corrected answers; read once, in order.</param>
    /// <param name="options">How to train. Copied on entry.</param>
    /// <param name="progress">Told after every step, on the calling thread.</param>
    /// <param name="cancellation">Looked at between passes of the network.</param>
    /// <exception cref="ArgumentException">Options are wrong, there is no example, or an example cannot be trained on.</exception>
    /// <exception cref="NotFiniteNumberException">The loss became infinite or not a number; the message names the examples of the pass.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled; the model holds the steps made so far.</exception>
    public TrainingResult Fit(
        VisionLanguageModel policy,
        IReadOnlyList<PreferenceExample> examples,
        DenseDpoOptions options,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(examples);
        ArgumentNullException.ThrowIfNull(options);
        DenseDpoOptions settings = options.Checked();
        long start = _time.GetTimestamp();
        using var scope = NewDisposeScope();
        using var pictures = new PictureStore(policy.Network, policy.Device, settings.FrozenParts.Contains(NetworkPart.VisionTower));
        int longest = settings.MaxTokens ?? policy.Network.DecoderConfig.MaxPositions;
        var encoder = new PreferenceEncoder(policy.Processor, longest, settings.Segments, settings.OneSided);
        EncodedExamples encoded = encoder.Encode(examples, settings.InvalidExamples, pictures.Offer, cancellation);
        TrainingResult result = Run(policy.Network, policy.Device, encoded.Pairs, pictures, settings, progress, cancellation);
        return result with { Skipped = encoded.Skipped, Elapsed = _time.GetElapsedTime(start) };
    }

    /// <summary>The training itself, from top to bottom.</summary>
    internal TrainingResult Run(
        VisionLanguageNetwork network,
        Device device,
        IReadOnlyList<EncodedPair> pairs,
        PictureStore pictures,
        DenseDpoOptions options,
        IProgress<TrainingProgress>? progress,
        CancellationToken cancellation)
    {
        using var trainable = new TrainableNetwork(network, options.FrozenParts);
        var packer = new PairPacker(options.Layout);
        DenseDpoObjective objective = options.Objective;
        var plan = new BatchPlan(pairs.Count, options.BatchSize, options.Seed);
        long steps = options.MaxSteps ?? (long)options.Epochs * plan.StepsPerEpoch;
        var schedule = new WarmupSchedule(options.Schedule, options.LearningRate, (long)Math.Ceiling(options.WarmupRatio * steps), steps);

        ReferenceTable reference = ReferenceTable.Compute(
            network, pairs, pictures, packer, options.MicroBatchTokens, device, cancellation);
        using var parameters = new FlatParameters(trainable.Parameters, options.GroupOf);
        using var optimizer = new AdamW(parameters, new AdamWOptions(options.AdamBeta1, options.AdamBeta2, options.AdamEpsilon));
        var speed = new TrainingSpeed(_time, steps);
        var curve = new List<TrainingProgress>();

        for (long step = 0; step < steps; step++)
        {
            EncodedPair[] chosen = [.. Pick(pairs, plan.At(step))];
            var statistics = new StepStatistics();
            foreach (IReadOnlyList<EncodedPair> some in BatchPlan.MicroBatches(chosen, options.MicroBatchTokens))
            {
                cancellation.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                PackedBatch batch = packer.Pack(some);
                var tensors = new BatchTensors(batch, device, parameters.Values.dtype);
                Tensor logProbs = ResponseLogProbs.Compute(network, tensors, pictures.Project(batch));
                Tensor weights = objective.TokenWeights(tensors.Scored, tensors.Changed);
                Tensor scores = objective.Score(logProbs, weights);
                PairTerms terms = objective.Compare(scores, objective.Score(reference.For(batch, device), weights));
                ThrowUnlessFinite(statistics.Add(terms, scores), step, batch);

                // Every pair's share is one over the whole batch, so the micro-batches add up to the gradient of the batch's mean.
                terms.Losses.sum().Times(1.0 / chosen.Length).backward();
                speed.Count(batch);
            }

            double norm = optimizer.GradientNorm();
            double rate = schedule.At(step);
            optimizer.Step(rate, AdamW.ClipScale(norm, options.MaxGradientNorm));
            curve.Add(speed.Report(step + 1, (double)(step + 1) / plan.StepsPerEpoch, rate, norm, statistics));
            progress?.Report(curve[^1]);
        }

        return new TrainingResult { Steps = steps, Pairs = pairs.Count, Curve = curve, Skipped = [], Elapsed = speed.Elapsed };
    }

    private static IEnumerable<EncodedPair> Pick(IReadOnlyList<EncodedPair> pairs, ReadOnlySpan<int> indices)
    {
        var chosen = new EncodedPair[indices.Length];
        for (int i = 0; i < indices.Length; i++)
        {
            chosen[i] = pairs[indices[i]];
        }

        return chosen;
    }

    private static void ThrowUnlessFinite(double loss, long step, PackedBatch batch)
    {
        if (!double.IsFinite(loss))
        {
            throw new NotFiniteNumberException(
                $"The loss of step {step + 1} is {loss}; expected a finite number. The pass held {string.Join(", ", batch.Pairs.Select(p => p.Id))}. "
                + "Look at these examples, lower the learning rate, or start from a checkpoint whose weights are finite.", loss);
        }
    }
}
