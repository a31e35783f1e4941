using System.Diagnostics;
using RlhfV.Models;
using RlhfV.Models.Architectures.Llava;
using RlhfV.Models.Images;
using RlhfV.Training.Optimization;
using static TorchSharp.torch;

namespace SceneWorld.Training;

/// <summary>
/// First stage: the vision tower learns the scenes' truth. Trained through captions alone a tower this small learns nothing visual in the
/// time a laptop has.
/// </summary>
/// <param name="network">The model.</param>
/// <param name="processor">Its image preprocessing.</param>
/// <param name="folder">Where state is kept.</param>
/// <param name="log">Where progress is written.</param>
public sealed class TowerTrainer(LlavaNetwork network, ImageProcessor processor, string folder, TextWriter log)
{
    private const int BatchSize = 32;
    private const double PeakRate = 1.5e-3;

    /// <summary>Trains, or goes on where an interrupted run stopped.</summary>
    /// <param name="scenes">Number of scenes.</param>
    /// <param name="firstSeed">Seed of the first scene.</param>
    /// <param name="cancellationToken">Stops after the current step; the state on disk stays usable.</param>
    public void Train(int scenes, long firstSeed, CancellationToken cancellationToken)
    {
        using var head = new TowerHead(128);
        using var optimizer = new StageOptimizer(
            network.named_parameters().Where(p => network.PartOf(p.name) == NetworkPart.VisionTower).Concat(head.named_parameters()));
        var state = new StageState(Path.Combine(folder, "tower"));
        long step = state.Restore(optimizer);
        long total = scenes / BatchSize;
        var schedule = new WarmupSchedule(LearningRateSchedule.Cosine, PeakRate, WarmupSteps: 100, total);
        var clock = Stopwatch.StartNew();
        Task<(ProcessedImage[], SceneTruth[])> next = Task.Run(() => Batch(step), cancellationToken);
        for (; step < total; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            (ProcessedImage[] images, SceneTruth[] truths) = next.GetAwaiter().GetResult();
            long following = step + 1;
            next = Task.Run(() => Batch(following), cancellationToken);
            using var scope = NewDisposeScope();
            Tensor features = network.EncodeImages(PixelTensor.Stack(images, CPU), images[0].Grid);
            (Tensor loss, IReadOnlyDictionary<string, double> accuracy) = head.Score(features, truths);
            loss.backward();
            optimizer.Step(schedule.At(step));
            if (following % 50 == 0)
            {
                log.WriteLine($"tower {following}/{total} loss {loss.item<float>():F3} "
                    + $"{string.Join(" ", accuracy.Select(a => $"{a.Key} {a.Value:P0}"))} {clock.Elapsed:hh\\:mm\\:ss}");
            }

            if (following % 250 == 0 || following == total)
            {
                state.Store(optimizer);
            }
        }

        (ProcessedImage[], SceneTruth[]) Batch(long at)
        {
            Scene[] drawn = [.. Enumerable.Range(0, BatchSize).Select(i => SceneGenerator.Generate(firstSeed + at * BatchSize + i))];
            return (SceneBatch.Draw(drawn, processor), [.. drawn.Select(SceneTruth.Of)]);
        }
    }
}
