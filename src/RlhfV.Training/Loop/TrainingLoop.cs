using RlhfV.Models;
using RlhfV.Training.Lora;
using RlhfV.Training.Optimization;
using RlhfV.Training.Planning;
using RlhfV.Training.Runs;
using static TorchSharp.torch;

namespace RlhfV.Training.Loop;

/// <summary>The one training loop.</summary>
internal sealed class TrainingLoop(
    VisionLanguageNetwork network,
    TrainingTask task,
    TrainingOptions options,
    TimeProvider time,
    TrainingPlan? plan = null,
    string? adapterFolder = null,
    string baseModel = "",
    Action<string>? report = null,
    Action<string>? keepModel = null)
{
    /// <summary>Trains the network, from top to bottom.</summary>
    /// <param name="progress">Told after every step.</param>
    /// <param name="cancellation">Looked at between passes of the network.</param>
    public TrainingResult Run(IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        network.eval();
        using RunFolder? folder = RunFolder.Open(options, network, task.DataHash, report);
        folder?.SavePlan(plan);
        task.Prepare(folder?.References, cancellation);
        using LoraAdapters? adapters = options.Lora is { } lora ? LoraAdapters.Attach(network, lora, options.Seed) : null;
        using var trainable = new TrainableNetwork(network, options, adapters);

        var batches = new BatchPlan(task.Count, options.BatchSize, options.Seed, options.ValidationShare);
        long steps = options.MaxSteps ?? (long)options.Epochs * batches.StepsPerEpoch;
        var schedule = new WarmupSchedule(options.Schedule, options.LearningRate, (long)Math.Ceiling(options.WarmupRatio * steps), steps);
        ReportWhatHasNoEffect(batches, schedule);
        using var parameters = new FlatParameters(trainable.Parameters, options.GroupOf);
        using var optimizer = new AdamW(parameters, new AdamWOptions(options.AdamBeta1, options.AdamBeta2, options.AdamEpsilon));
        using var best = new BestWeights(parameters, folder);
        List<TrainingProgress> curve = folder?.Resume(parameters, optimizer, best) ?? [];
        long done = curve.Count;
        var speed = new TrainingSpeed(time, done, steps);

        try
        {
            while (done < steps)
            {
                var statistics = new StepStatistics();
                var examples = new List<string>();
                foreach ((int index, TrainingPass pass) in task.Passes(batches.At(done), done / batches.StepsPerEpoch).Index())
                {
                    cancellation.ThrowIfCancellationRequested();
                    trainable.BeginPass((done << 20) + index);
                    using var scope = NewDisposeScope();
                    Tensor loss = pass.Loss(statistics);
                    ThrowUnlessFinite(loss.to(ScalarType.Float64).cpu().item<double>(), "loss", done + 1, pass.Batch.Examples);
                    examples.AddRange(pass.Batch.Examples);
                    loss.backward();
                    speed.Count(pass.Batch);
                }

                double norm = optimizer.GradientNorm();
                ThrowUnlessFinite(norm, "gradient norm", done + 1, examples);
                double scale = AdamW.ClipScale(norm, options.MaxGradientNorm);
                ThrowIfSquareOverflows(norm * scale, done + 1, examples);
                double rate = schedule.At(done);
                optimizer.Step(rate, scale);
                done++;

                bool epochEnds = done % batches.StepsPerEpoch == 0 || done == steps;
                StepStatistics? validation = epochEnds && batches.HeldOut.Length > 0 ? Validate(batches.HeldOut, trainable, cancellation) : null;
                best.Offer(done, validation?.Loss);
                curve.Add(speed.Complete(Describe(done, steps, (double)done / batches.StepsPerEpoch, rate, norm, statistics, validation)));
                folder?.Append(curve[^1]);
                if (done == steps || (options.CheckpointSteps is { } every ? done % every == 0 : epochEnds))
                {
                    folder?.SaveCheckpoint(done, parameters, optimizer, best);
                }

                progress?.Report(curve[^1]);
            }
        }
        catch (OperationCanceledException) when (done > 0)
        {
            // What the passes of a broken-off step added to the gradients is not stored, so the run continues with that whole step.
            folder?.SaveCheckpoint(done, parameters, optimizer, best);
            throw;
        }

        if (options.Selection == WeightSelection.BestValidation)
        {
            best.Restore();
        }

        if (adapters is not null)
        {
            adapters.SetPass(null);
            folder?.SaveAdapters(adapters, baseModel);
            if (adapterFolder is not null)
            {
                adapters.Save(adapterFolder, baseModel);
            }

            adapters.Merge();
        }

        if (folder is not null)
        {
            // While the folder is still this run's alone.
            keepModel?.Invoke(folder.Path);
        }

        return new TrainingResult
        {
            Steps = steps,
            BestStep = options.Selection == WeightSelection.BestValidation ? best.Step : null,
            Pairs = batches.Learned,
            Curve = curve,
            RunFolder = folder?.Path,
            Plan = plan,
        };
    }

    /// <summary>Says what a run too small for its options leaves undone.</summary>
    private void ReportWhatHasNoEffect(BatchPlan batches, WarmupSchedule schedule)
    {
        if (schedule is { TotalSteps: 1, WarmupSteps: > 0 })
        {
            report?.Invoke("No weight changed: the run's only step is the first of warm-up, whose learning rate is 0. Set WarmupRatio to 0, or train longer.");
        }

        if (options.ValidationShare > 0 && batches.HeldOut.Length == 0)
        {
            report?.Invoke("Nothing was held out: there is one example, which is trained on. The weights are those of the last step.");
        }
    }

    /// <summary>Scores held-out items. Passes are those of training, so the numbers compare.</summary>
    private StepStatistics Validate(int[] items, TrainableNetwork trainable, CancellationToken cancellation)
    {
        var statistics = new StepStatistics();
        using IDisposable quiet = no_grad();
        using IDisposable evaluation = trainable.Evaluate();
        foreach (TrainingPass pass in task.Passes(items, epoch: null))
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            pass.Loss(statistics);
        }

        return statistics;
    }

    private static TrainingProgress Describe(
        long step, long steps, double epoch, double rate, double norm, StepStatistics learned, StepStatistics? validation) => new()
        {
            Step = step,
            TotalSteps = steps,
            Epoch = epoch,
            Loss = learned.Loss,
            RewardMargin = learned.RewardMargin,
            RewardAccuracy = learned.RewardAccuracy,
            ChosenLogProb = learned.ChosenLogProb,
            RejectedLogProb = learned.RejectedLogProb,
            ValidationLoss = validation?.Loss,
            ValidationAccuracy = validation?.RewardAccuracy,
            GradientNorm = norm,
            LearningRate = rate,
        };

    /// <summary>AdamW's mean of squares would become infinite, and a weight with an infinite one never moves again.</summary>
    private static void ThrowIfSquareOverflows(double norm, long step, IEnumerable<string> examples)
    {
        if (norm * norm > float.MaxValue)
        {
            throw new NotFiniteNumberException(
                $"The gradient norm of step {step} is {norm}, whose square is no finite number in fp32. It was computed from {string.Join(", ", examples)}. "
                + $"Look at these examples, or set {nameof(options.MaxGradientNorm)}, for example to 1.", norm);
        }
    }

    private static void ThrowUnlessFinite(double value, string what, long step, IEnumerable<string> examples)
    {
        if (!double.IsFinite(value))
        {
            throw new NotFiniteNumberException(
                $"The {what} of step {step} is {value}; expected a finite number. It was computed from {string.Join(", ", examples)}. "
                + "Look at these examples, lower the learning rate, or start from weights that are finite.", value);
        }
    }
}
