using System.CommandLine;
using System.Diagnostics;
using RlhfV.Benchmarks.Data;
using RlhfV.Models;
using RlhfV.Models.Native;
using static TorchSharp.torch;

namespace RlhfV.Benchmarks.Commands;

/// <summary>
/// Loading a checkpoint: time, and memory against the weights as loaded. A process measures once; peak memory is in units of 10^6 KiB as
/// Python's <c>resource</c> module has it, and the ratio leaves out what the runtime and libtorch held before.
/// </summary>
internal static class LoadCommand
{
    public static Command Create()
    {
        var checkpoint = new Argument<string>("checkpoint") { Description = "Folder with config.json and weights; no tokenizer is needed." };
        var command = new Command("load", "Loads a checkpoint; time and peak memory.") { checkpoint };
        command.SetAction(parsed =>
        {
            NativeLibraries.EnsureLoaded();
            using (zeros(1))
            {
                ResidentMemory.ForgetPeak();
            }

            long before = ResidentMemory.Now;
            long start = Stopwatch.GetTimestamp();
            using VisionLanguageNetwork network = BenchmarkModel.Load(parsed.GetRequiredValue(checkpoint));
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            long peak = ResidentMemory.Peak;
            long weights = network.parameters().Sum(p => p.numel() * p.element_size());
            new BenchmarkResult("load")
                .Add("load_s", Math.Round(seconds, 3))
                .Add("peak_rss_gb", Math.Round(peak / 1024 / 1e6, 3))
                .Add("weights_gb", Math.Round(weights / 1024 / 1e6, 3))
                .Add("peak_over_weights", Math.Round((double)(peak - before) / weights, 3))
                .Add("torch", BenchmarkResult.Torch)
                .Print();
        });
        return command;
    }
}
