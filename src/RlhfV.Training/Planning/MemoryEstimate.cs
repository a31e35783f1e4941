using RlhfV.Models;
using RlhfV.Training.Loop;
using RlhfV.Training.Pictures;
using static TorchSharp.torch;

namespace RlhfV.Training.Planning;

/// <summary>Counts the bytes of a run.</summary>
/// <param name="shape">The network.</param>
/// <param name="options">How it learns.</param>
/// <param name="workload">What it learns from.</param>
/// <param name="type">Type of the weights: fp32 or one of 16 bits.</param>
internal sealed class MemoryEstimate(NetworkShape shape, TrainingOptions options, TrainingWorkload workload, ScalarType type)
{
    private const int Wide = 4, Narrow = 2;

    // Beside inputs and outputs of affine maps autograd keeps norms, rotated queries and keys, gates. A Llama layer keeps 15 hidden and 4
    // inner widths per token where its maps have 11 and 3; a ViT layer is alike.
    private const double KeptPerMap = 1.35;

    // Logits, their gradient, and what log-sum-exp needs in between.
    private const int LogitCopies = 3;

    private readonly int _bytes = type == ScalarType.Float32 ? Wide : Narrow;

    /// <summary>The estimate.</summary>
    public TrainingMemory Make()
    {
        long trained = TrainedShape.Count(shape, options);
        double tokens = PassTokens();
        double passExamples = Math.Max(1, tokens / workload.Tokens);
        return new TrainingMemory
        {
            Weights = shape.Count * _bytes + (options.Lora is null ? 0 : trained * Wide),
            Gradients = trained * GradientBytes,
            OptimizerStates = trained * (2 * Wide + (GradientBytes == Wide ? 0 : Wide)),
            Activations = (long)(DecoderActivations(tokens) + TowerActivations(passExamples * workload.PicturesPerExample)),
            Logits = (long)(passExamples * workload.AnswerTokens * shape.Decoder.VocabularySize * Wide * LogitCopies),
            PictureFeatures = PictureFeatures(),
            ReferenceCopy = options is DenseDpoOptions { ReferencePrecision: ReferencePrecision.Released } && type != ScalarType.BFloat16
                ? shape.Count * Narrow
                : 0,
            BestWeights = options.ValidationShare > 0 && options.RunFolder is null ? trained * GradientBytes : 0,
        };
    }

    private long PictureFeatures()
    {
        if (options.TowerLearns)
        {
            return 0;
        }

        double all = (double)Views * workload.Pictures * workload.TowerTokens * TowerWidth() * _bytes;
        return (long)(options.RunFolder is null ? all : Math.Min(all, PictureStore.MemoryBesideDisk));
    }

    private int Views => Math.Max(1, ExampleViews<object>.CountOf(options, workload.Examples));

    // LoRA's matrices are fp32 whatever the base is.
    private int GradientBytes => options.Lora is null ? _bytes : Wide;

    /// <summary>Tokens of the largest pass, padding included.</summary>
    private double PassTokens() => Math.Max(
        workload.LongestTokens,
        Math.Min(options.MicroBatchTokens, Math.Min(options.BatchSize, workload.Examples) * workload.Tokens));

    private double DecoderActivations(double tokens)
    {
        double perToken = _bytes * KeptPerMap * Maps(NetworkPart.Decoder).Sum(InputsAndOutputs);
        if (options.Recompute)
        {
            // Every layer's input, and one layer that runs again.
            perToken = _bytes * (double)shape.Decoder.Layers * shape.Decoder.HiddenSize + perToken / shape.Decoder.Layers;
        }

        // A correction's output stands beside that of its map.
        perToken += options.Lora is { } lora ? TrainedShape.Adapted(shape, lora).Sum(map => (double)map.Shape[0] + lora.Rank) * Wide : 0;
        return tokens * (perToken + Maps(NetworkPart.Connector).Sum(InputsAndOutputs) * (double)_bytes) + Mask(tokens);
    }

    /// <summary>The attention mask of a pass, once for all layers, as <c>[examples, 1, T, T]</c>.</summary>
    private double Mask(double tokens) => tokens * workload.LongestTokens * _bytes;

    private double TowerActivations(double pictures)
    {
        double perToken = Maps(NetworkPart.VisionTower).Sum(InputsAndOutputs) * _bytes * KeptPerMap;
        int layers = Math.Max(1, shape.Parameters.Count(p => p.Part == NetworkPart.VisionTower && p.IsLinear) / MapsPerTowerLayer);
        return pictures * workload.TowerTokens * (options.TowerLearns ? perToken : perToken / layers);
    }

    // Query, key, value, output and two of the feed-forward block.
    private const int MapsPerTowerLayer = 6;

    private long TowerWidth() => Maps(NetworkPart.VisionTower).Select(p => p.Shape[^1]).DefaultIfEmpty(0).Min();

    // The output head runs over answer tokens only and is counted as logits.
    private IEnumerable<ParameterShape> Maps(NetworkPart part) =>
        shape.Parameters.Where(p => p.Part == part && p.IsLinear && p.Shape[0] != shape.Decoder.VocabularySize);

    private static double InputsAndOutputs(ParameterShape map) => map.Shape[0] + map.Shape[^1];
}
