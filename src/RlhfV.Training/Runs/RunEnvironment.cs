using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using static TorchSharp.torch;

namespace RlhfV.Training.Runs;

/// <summary>Where a run was made: written for people who compare runs, never read back.</summary>
internal static class RunEnvironment
{
    /// <summary>Writes the file; the last process that worked on the run wins.</summary>
    /// <param name="path">The file.</param>
    /// <param name="sample">Any parameter of the network.</param>
    public static void Write(string path, Tensor sample) => RunJson.Write(path, JsonSerializer.SerializeToUtf8Bytes(
        new
        {
            Product = Version(typeof(RunEnvironment)),
            TorchSharp = Version(typeof(Tensor)),
            Framework = RuntimeInformation.FrameworkDescription,
            System = RuntimeInformation.OSDescription,
            Processors = Environment.ProcessorCount,
            TorchThreads = get_num_threads(),
            Device = sample.device.ToString(),
            ComputeType = sample.dtype.ToString(),
            StartedAt = DateTimeOffset.UtcNow,
        },
        RunJson.Indented));

    private static string? Version(Type type) =>
        type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
            ?? type.Assembly.GetName().Version?.ToString();
}
