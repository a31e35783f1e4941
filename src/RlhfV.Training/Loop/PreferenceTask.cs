using RlhfV.Models;
using RlhfV.Models.Modules;
using RlhfV.Training.Examples;
using RlhfV.Training.Objectives;
using RlhfV.Training.Packing;
using RlhfV.Training.Pictures;
using static TorchSharp.torch;

namespace RlhfV.Training.Loop;

/// <summary>Learning from pairs: dense DPO against the log-probabilities of the starting weights.</summary>
/// <param name="network">The network.</param>
/// <param name="device">Where it lives.</param>
/// <param name="pairs">The pairs.</param>
/// <param name="pictures">Features of their pictures.</param>
/// <param name="options">How to learn.</param>
/// <param name="inBFloat16">Makes a copy of the model in bf16, for <see cref="ReferencePrecision.Released"/>; null where that is not asked for.</param>
internal sealed class PreferenceTask(
    VisionLanguageNetwork network,
    Device device,
    IReadOnlyList<EncodedPair> pairs,
    PictureStore pictures,
    DenseDpoOptions options,
    Func<VisionLanguageModel>? inBFloat16 = null)
    : TrainingTask
{
    // The released code compares sums as the reference pass rounded them where tokens are not weighted, and sums the tokens' values else.
    private readonly bool _comparesRoundedScores = options is { ReferencePrecision: ReferencePrecision.Released, Gamma: 1 };
    private readonly PairPacker _packer = new(options.Layout);
    private readonly DenseDpoObjective _objective = options.Objective;
    private readonly ExampleViews<EncodedPair> _views = new(pairs, options, (pair, see) => pair.See(see));
    private ReferenceTable? _reference;

    public override int Count => pairs.Count;

    public override string DataHash { get; } = DataHasher.Of(pairs);

    public override void Prepare(ReferenceCache? cache, CancellationToken cancellation)
    {
        IReadOnlyList<EncodedPair> seen = _views.References;
        if (options.Reference == ReferenceSource.Stored)
        {
            _reference = StoredReference.Take(seen, Compute);
            return;
        }

        _reference = cache?.Load(seen, options.ReferencePrecision);
        if (_reference is null)
        {
            _reference = Compute(seen);
            cache?.Save(_reference, seen, options.ReferencePrecision);
        }

        foreach ((EncodedPair pair, EncodedPair reference) in _views.Borrowed)
        {
            _reference[pair] = _reference[reference];
        }

        ReferenceTable Compute(IReadOnlyList<EncodedPair> some) => options.ReferencePrecision == ReferencePrecision.Released
            ? ComputeAsReleased(some, cancellation)
            : ReferenceTable.Compute(some, Cut, part => LogProbs(_packer.Pack(part), out _), cancellation);
    }

    public override IEnumerable<TrainingPass> Passes(int[] items, long? epoch)
    {
        foreach (IReadOnlyList<EncodedPair> some in Cut(items.Select(i => _views.At(i, epoch))))
        {
            PackedBatch batch = _packer.Pack(some);
            yield return new TrainingPass(batch, statistics => Loss(batch, some, items.Length, statistics));
        }
    }

    /// <summary>Every pair's share is one over the whole step's pairs, so that the passes add up to the mean.</summary>
    private Tensor Loss(PackedBatch batch, IReadOnlyList<EncodedPair> some, int pairsOfStep, StepStatistics statistics)
    {
        Tensor logProbs = LogProbs(batch, out BatchTensors tensors);                                   // [2P, R]
        Tensor weights = _objective.TokenWeights(tensors.Scored, tensors.Changed);                     // [2P, R]
        Tensor scores = _objective.Score(logProbs, weights);                                           // [2P]
        Tensor reference = _comparesRoundedScores
            ? _reference!.Scores(some, _objective.Normalize, device)                                   // [2P]
            : _objective.Score(_reference!.For(some, batch.Columns, device), weights);                 // [2P]
        PairTerms terms = _objective.Compare(scores, reference);
        statistics.Add(terms, scores);
        return terms.Losses.sum().Times(1.0 / pairsOfStep);
    }

    /// <summary>In a copy, for rounding the weights themselves to bf16 would lose them.</summary>
    private ReferenceTable ComputeAsReleased(IReadOnlyList<EncodedPair> some, CancellationToken cancellation)
    {
        using VisionLanguageModel? copy = network.parameters().First().dtype == ScalarType.BFloat16 ? null : inBFloat16!();
        using var reference = new ReleasedReference(copy?.Network ?? network, device);
        return ReferenceTable.Compute(some, reference.Of, cancellation);
    }

    private Tensor LogProbs(PackedBatch batch, out BatchTensors tensors)
    {
        tensors = new BatchTensors(batch, device, network.parameters().First().dtype);
        return ResponseLogProbs.Compute(network, tensors, pictures.Project(batch.Pictures));
    }

    private IEnumerable<IReadOnlyList<EncodedPair>> Cut(IEnumerable<EncodedPair> some) => MicroBatches.Cut(
        some,
        pair => options.Layout == PairLayout.Packed ? pair.PackedLength : 2 * Math.Max(pair.Chosen.Length, pair.Rejected.Length),
        options.MicroBatchTokens);
}
