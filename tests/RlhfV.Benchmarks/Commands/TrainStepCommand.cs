using System.CommandLine;
using System.Diagnostics;
using RlhfV.Benchmarks.Data;
using RlhfV.Models;
using RlhfV.Training;
using RlhfV.Training.Examples;
using RlhfV.Training.Loop;
using RlhfV.Training.Packing;
using RlhfV.Training.Pictures;
using static TorchSharp.torch;

namespace RlhfV.Benchmarks.Commands;

/// <summary>
/// Steps of the product's own training loop on random tokens and pixels: what a step of preference training costs. Pairs per second come
/// from the median step; peak memory is the kernel's figure in units of 10^6 KiB, load included, as Python's <c>resource</c> module has it.
/// On a shared machine the processor time, <c>cpu_s</c>, is steadier than the clock's.
/// </summary>
internal static class TrainStepCommand
{
    public static Command Create()
    {
        var checkpoint = new Argument<string>("checkpoint") { Description = "Folder with config.json and weights; no tokenizer is needed." };
        var pairs = new Option<int>("--pairs") { Description = "Pairs per step.", DefaultValueFactory = _ => 2 };
        var prompt = new Option<int>("--prompt") { Description = "Tokens of the prompt.", DefaultValueFactory = _ => 60 };
        var response = new Option<int>("--response") { Description = "Tokens of each answer.", DefaultValueFactory = _ => 90 };
        var steps = new Option<int>("--steps") { Description = "Timed steps after one that is not.", DefaultValueFactory = _ => 4 };
        var freeze = new Option<bool>("--freeze-vision") { Description = "Freeze the vision tower." };
        var plain = new Option<bool>("--plain") { Description = "Two rows per pair instead of packed pairs." };
        var recompute = new Option<bool>("--recompute") { Description = "Run decoder layers again in the backward pass." };
        var threads = new Option<int>("--threads") { Description = "Threads of libtorch; 0 for its own choice." };
        var command = new Command("train-step", "Times one step of preference training.")
        {
            checkpoint, pairs, prompt, response, steps, freeze, plain, recompute, threads,
        };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(threads) is > 0 and int count)
                set_num_threads(count);
            var options = new DenseDpoOptions
            {
                BatchSize = parsed.GetValue(pairs),
                MaxSteps = parsed.GetValue(steps) + 1,
                FrozenParts = parsed.GetValue(freeze) ? [NetworkPart.VisionTower] : [],
                Layout = parsed.GetValue(plain) ? PairLayout.TwoRows : PairLayout.Packed,
                Recompute = parsed.GetValue(recompute),
            };
            string folder = parsed.GetRequiredValue(checkpoint);
            using VisionLanguageNetwork network = BenchmarkModel.Load(folder);
            EncodedPair[] data = [.. Enumerable.Range(0, options.BatchSize)
                .Select(i => MakePair(i, network, folder, parsed.GetValue(prompt), parsed.GetValue(response)))];
            (TimeSpan[] timings, TimeSpan[] work, double loss) = Time(network, data, options);
            double median = timings.Select(t => t.TotalSeconds).Order().ElementAt(timings.Length / 2);
            using var process = Process.GetCurrentProcess();
            new BenchmarkResult("train-step")
                .Add("pairs_per_s", options.BatchSize / median)
                .Add("step_s", median)
                .Add("cpu_s", work.Select(t => t.TotalSeconds).Order().ElementAt(work.Length / 2))
                .Add("loss", loss)
                .Add("reference_forward", false)
                .Add("peak_rss_gb", process.PeakWorkingSet64 / 1024 / 1e6)
                .Add("torch", BenchmarkResult.Torch)
                .Add("layout", options.Layout.ToString())
                .Add("freeze_vision", parsed.GetValue(freeze))
                .Add("recompute", options.Recompute)
                .Add("parameters_m", network.parameters().Sum(p => p.numel()) / 1e6)
                .AddSeconds(timings)
                .Print();
        });
        return command;
    }

    private static (TimeSpan[] Timings, TimeSpan[] Work, double Loss) Time(
        VisionLanguageNetwork network, EncodedPair[] data, DenseDpoOptions options)
    {
        using var scope = NewDisposeScope();
        using var pictures = new PictureStore(network, !options.TowerLearns);
        var task = new PreferenceTask(network, CPU, data, pictures, options);
        var clock = new Clock();
        TrainingResult result = new TrainingLoop(network, task, options, TimeProvider.System).Run(clock, CancellationToken.None);
        return (
            [.. clock.Reports.Zip(clock.Reports.Skip(1), (from, to) => Stopwatch.GetElapsedTime(from.Time, to.Time))],
            [.. clock.Reports.Zip(clock.Reports.Skip(1), (from, to) => to.Work - from.Work)],
            result.Final.Loss);
    }

    /// <summary>Picture, prompt, two random answers with ten corrected tokens each.</summary>
    private static EncodedPair MakePair(int seed, VisionLanguageNetwork network, string folder, int prompt, int response)
    {
        var random = new Random(seed);
        EncodedPrompt head = BenchmarkModel.Prompt(network, folder, prompt, seed);
        return new EncodedPair($"{seed}", Answer(), Answer(), [new ExamplePicture($"{seed}", () => head.Images[0])]);

        IEnumerable<int> Words(int count) => Enumerable.Range(0, count).Select(_ => random.Next(5, 31_000));

        EncodedSequence Answer() => new(
            [.. head.Ids, .. Words(response)],
            [
                .. Enumerable.Repeat(TokenRole.Unscored, head.Ids.Count),
                .. Enumerable.Range(0, response).Select(i => i is >= 20 and < 30 ? TokenRole.Changed : TokenRole.Unchanged),
            ]);
    }

    private sealed class Clock : IProgress<TrainingProgress>
    {
        public List<(long Time, TimeSpan Work)> Reports { get; } = [];

        public void Report(TrainingProgress value) => Reports.Add((Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime));
    }
}
