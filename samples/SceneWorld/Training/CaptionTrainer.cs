using System.Diagnostics;
using RlhfV.Models;
using static TorchSharp.torch;

namespace SceneWorld.Training;

/// <summary>Second and third stage: connector and decoder learn to answer, the tower stays as it is.</summary>
/// <param name="network">The model.</param>
/// <param name="processor">Its processor.</param>
/// <param name="folder">Where state is kept.</param>
/// <param name="log">Where progress is written.</param>
public sealed class CaptionTrainer(VisionLanguageNetwork network, VisionLanguageProcessor processor, string folder, TextWriter log)
{
    private const int BatchSize = 32;

    /// <summary>Trains one stage, or goes on where an interrupted run stopped.</summary>
    /// <param name="stage">Name of the stage's state file.</param>
    /// <param name="scenes">Number of scenes.</param>
    /// <param name="firstSeed">Seed of the first scene.</param>
    /// <param name="lessons">What is taught on a scene.</param>
    /// <param name="peakRate">Largest learning rate.</param>
    /// <param name="cancellationToken">Stops after the current step; the state on disk stays usable.</param>
    public void Train(
        string stage, int scenes, long firstSeed, Func<Scene, IReadOnlyList<Lesson>> lessons, double peakRate, CancellationToken cancellationToken)
    {
        foreach ((string name, TorchSharp.Modules.Parameter parameter) in network.named_parameters())
        {
            parameter.requires_grad = network.PartOf(name) != NetworkPart.VisionTower;
        }

        using var optimizer = new FlatAdam(network.parameters().Where(p => p.requires_grad));
        var state = new StageState(Path.Combine(folder, stage));
        long step = state.Restore(optimizer);
        long total = scenes / BatchSize;
        double average = double.NaN;
        var clock = Stopwatch.StartNew();
        Task<LessonBatch> next = Task.Run(() => Batch(step), cancellationToken);
        for (; step < total; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            LessonBatch batch = next.GetAwaiter().GetResult();
            long following = step + 1;
            next = Task.Run(() => Batch(following), cancellationToken);
            using var scope = NewDisposeScope();
            Tensor loss = batch.Loss(network);
            loss.backward();
            optimizer.Step(LearningRate.At(peakRate, step, total, warmUp: 200));
            float value = loss.item<float>();
            average = double.IsNaN(average) ? value : 0.98 * average + 0.02 * value;
            if (following % 50 == 0)
            {
                log.WriteLine($"{stage} {following}/{total} loss {average:F4} {clock.Elapsed:hh\\:mm\\:ss}");
            }

            if (following % 250 == 0 || following == total)
            {
                state.Store(optimizer);
            }
        }

        LessonBatch Batch(long at) => LessonBatch.Make(
            [.. Enumerable.Range(0, BatchSize).Select(i => SceneGenerator.Generate(firstSeed + at * BatchSize + i))], lessons, processor);
    }
}
