using System.Diagnostics;
using RlhfV.Models;
using RlhfV.Models.Modules;
using RlhfV.Training.Optimization;
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
    /// <param name="lensWeight">Weight of the connector's own loss, see <see cref="ConnectorLens"/>; 0 leaves it out.</param>
    /// <param name="nounWeight">Weight of what nouns have to know, see <see cref="NounHead"/>; 0 leaves it out.</param>
    /// <param name="cancellationToken">Stops after the current step; the state on disk stays usable.</param>
    public void Train(
        string stage,
        int scenes,
        long firstSeed,
        Func<Scene, IReadOnlyList<Lesson>> lessons,
        double peakRate,
        double lensWeight,
        double nounWeight,
        CancellationToken cancellationToken)
    {
        var lens = new ConnectorLens(processor.Tokenizer);
        using var nouns = new NounHead(network.DecoderConfig.HiddenSize, processor.Tokenizer);
        foreach (TorchSharp.Modules.Parameter parameter in network.parameters())
        {
            parameter.requires_grad = false;
        }

        using var optimizer = new StageOptimizer(network.named_parameters().Where(p => network.PartOf(p.name) != NetworkPart.VisionTower)
            .Concat(nounWeight == 0 ? [] : nouns.named_parameters()));
        var state = new StageState(Path.Combine(folder, stage));
        long step = state.Restore(optimizer);
        long total = scenes / BatchSize;
        var schedule = new WarmupSchedule(LearningRateSchedule.Cosine, peakRate, WarmupSteps: 200, total);
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
            IReadOnlyList<(long At, ObjectGroup Group)> named = nounWeight == 0 ? [] : nouns.Find(batch.Ids, BatchSize, batch.Scenes);
            Tensor known = zeros(1);
            Tensor loss = batch.Loss(network, out Tensor projected, (layers, state) =>
            {
                if (layers == network.DecoderConfig.Layers / 2 && named.Count > 0)
                {
                    Tensor states = state.reshape(-1, state.shape[^1]).index_select(0, tensor(named.Select(n => n.At).ToArray()));
                    known = nouns.Loss(states, [.. named.Select(n => n.Group)]).MoveToOtherDisposeScope(scope);
                }
            });
            Tensor objective = loss.Plus(known.Times(nounWeight));
            if (lensWeight > 0)
            {
                objective = objective.Plus(lens.Loss(network, projected, batch.Scenes).Times(lensWeight));
            }

            objective.backward();
            optimizer.Step(schedule.At(step));
            float value = loss.item<float>();
            average = double.IsNaN(average) ? value : 0.98 * average + 0.02 * value;
            if (following % 50 == 0)
            {
                log.WriteLine($"{stage} {following}/{total} loss {average:F4}{(nounWeight > 0 ? $" nouns {known.item<float>():F3}" : "")} {clock.Elapsed:hh\\:mm\\:ss}");
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
