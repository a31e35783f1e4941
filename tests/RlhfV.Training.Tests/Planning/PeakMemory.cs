using System.Globalization;
using RlhfV.Models;
using RlhfV.Models.Architectures.Llava;
using RlhfV.Training.Examples;
using RlhfV.Training.Loop;
using RlhfV.Training.Optimization;
using RlhfV.Training.Packing;
using RlhfV.Training.Pictures;
using RlhfV.Training.Planning;
using static TorchSharp.torch;

namespace RlhfV.Training.Tests.Planning;

/// <summary>Runs two steps of a network of 11 million parameters in a process of its own and compares its peak with the plan.</summary>
internal static class PeakMemory
{
    /// <summary>Names the scenario.</summary>
    public const string Scenario = "RLHFV_TEST_PEAK";

    private const int ImageToken = 500;

    private static readonly LlavaConfig Config = new()
    {
        Vision = new() { ImageSize = 112, PatchSize = 14, HiddenSize = 192, FeedForwardSize = 768, Layers = 4, Heads = 4 },
        Text = new()
        {
            VocabularySize = 2000,
            HiddenSize = 384,
            FeedForwardSize = 1024,
            Layers = 4,
            Heads = 6,
            KeyValueHeads = 6,
            HeadSize = 64,
        },
        ImageTokenId = ImageToken,
    };

    /// <summary>The options of a scenario.</summary>
    public static DenseDpoOptions Options(string scenario)
    {
        var options = new DenseDpoOptions
        {
            BatchSize = 4,
            MaxSteps = 2,
            WarmupRatio = 0,
            Schedule = LearningRateSchedule.Constant,
            MicroBatchTokens = 1000,
        };
        switch (scenario)
        {
            case "frozen tower":
                options.FrozenParts = [NetworkPart.VisionTower];
                break;
            case "recomputed":
                (options.Recompute, options.FrozenParts) = (true, [NetworkPart.VisionTower]);
                break;
            case "low-rank":
                options.Lora = new() { Rank = 8 };
                break;
        }

        return options;
    }

    /// <summary>Prints estimate and measurement in bytes.</summary>
    public static string Measure(string scenario)
    {
        DenseDpoOptions options = Options(scenario).Checked();
        using (LlavaNetwork small = TinyNetworks.Llava(1))
        {
            Train(small, [TinyNetworks.Pair(1)], Options(scenario).Checked());       // kernels, threads and the runtime's own code
        }

        EncodedPair[] pairs = [.. Enumerable.Range(0, 4).Select(Pair)];
        long before = Status("VmRSS");
        File.WriteAllText("/proc/self/clear_refs", "5");                             // the peak begins anew
        using var network = new LlavaNetwork(Config);
        using (no_grad())
        {
            foreach (TorchSharp.Modules.Parameter parameter in network.parameters())
            {
                nn.init.normal_(parameter, 0, 0.02);
            }
        }

        Train(network, pairs, options);
        long measured = Status("VmHWM") - before;
        NetworkShape shape = NetworkShape.Of(network);
        int patches = WorkloadCounter.TowerTokens(shape, [3, Config.Vision.ImageSize, Config.Vision.ImageSize]);
        TrainingPlan plan = TrainingPlan.Make(shape, options, new WorkloadCounter(patches).Of(pairs, PairLayout.Packed));
        return string.Create(CultureInfo.InvariantCulture, $"{plan.Memory.Total} {measured}");
    }

    private static void Train(VisionLanguageNetwork network, EncodedPair[] pairs, DenseDpoOptions options)
    {
        using var scope = NewDisposeScope();
        using var pictures = new PictureStore(network, !options.TowerLearns);
        var task = new PreferenceTask(network, CPU, pairs, pictures, options);
        new TrainingLoop(network, task, options, TimeProvider.System).Run(null, CancellationToken.None);
    }

    private static EncodedPair Pair(int seed)
    {
        int[] head = [1, .. Enumerable.Repeat(ImageToken, (int)Config.Vision.Patches), .. Enumerable.Range(10, 40)];
        return new EncodedPair($"pair {seed}", Answer(100 + seed), Answer(300 + seed), [Picture(seed)]);

        EncodedSequence Answer(int from) => new(
            [.. head, .. Enumerable.Range(from, 70)],
            [.. head.Select(_ => TokenRole.Unscored), .. Enumerable.Repeat(TokenRole.Unchanged, 70)]);
    }

    private static ExamplePicture Picture(int seed) => new($"picture {seed}", () =>
    {
        var random = new Random(seed);
        long side = Config.Vision.ImageSize;
        return new() { Shape = [3, side, side], Values = [.. Enumerable.Range(0, (int)(3 * side * side)).Select(_ => random.NextSingle())] };
    });

    private static long Status(string key) => 1024 * long.Parse(
        File.ReadLines("/proc/self/status").Single(line => line.StartsWith($"{key}:", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture);
}
