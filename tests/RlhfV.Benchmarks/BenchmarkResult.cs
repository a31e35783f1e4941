using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace RlhfV.Benchmarks;

/// <summary>One JSON line: what was measured, with machine, runtime and load.</summary>
internal sealed class BenchmarkResult(string benchmark)
{
    private readonly JsonObject _values = new() { ["benchmark"] = benchmark };

    /// <summary>The tensor library and its version.</summary>
    public static string Torch => $"TorchSharp {typeof(TorchSharp.torch).Assembly.GetName().Version!.ToString(3)}";

    public BenchmarkResult Add(string name, JsonNode? value)
    {
        _values[name] = value;
        return this;
    }

    /// <summary>Adds median, smallest and largest of repeated timings, in seconds.</summary>
    public BenchmarkResult AddSeconds(IEnumerable<TimeSpan> timings)
    {
        double[] seconds = [.. timings.Select(timing => timing.TotalSeconds).Order()];
        return Add("runs", seconds.Length)
            .Add("seconds_median", Math.Round(seconds[seconds.Length / 2], 4))
            .Add("seconds_min", Math.Round(seconds[0], 4))
            .Add("seconds_max", Math.Round(seconds[^1], 4));
    }

    /// <summary>Adds median, smallest and largest of repeated measurements.</summary>
    public BenchmarkResult AddSpread(string name, IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return Add($"{name}_median", Math.Round(sorted[sorted.Length / 2], 3))
            .Add($"{name}_min", Math.Round(sorted[0], 3))
            .Add($"{name}_max", Math.Round(sorted[^1], 3));
    }

    /// <summary>Adds the most memory the process ever held.</summary>
    public BenchmarkResult AddPeakMemory()
    {
        using var process = Process.GetCurrentProcess();
        return Add("peak_working_set_mb", process.PeakWorkingSet64 / (1024 * 1024));
    }

    public void Print()
    {
        Add("cores", Environment.ProcessorCount);
        Add("cpu", CpuName());
        Add("runtime", RuntimeInformation.FrameworkDescription);
        Add("os", RuntimeInformation.OSDescription);
        if (File.Exists("/proc/loadavg"))
            Add("load_average", File.ReadAllText("/proc/loadavg").Split(' ')[0]);
        Console.Out.WriteLine(_values.ToJsonString());
    }

    private static string? CpuName() => File.Exists("/proc/cpuinfo")
        ? File.ReadLines("/proc/cpuinfo")
            .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim()
        : Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER");
}
