using System.Globalization;

namespace RlhfV.Benchmarks.Data;

/// <summary>Resident memory of this process, in bytes, from Linux' <c>/proc/self/status</c>; 0 elsewhere.</summary>
internal static class ResidentMemory
{
    /// <summary>What is resident now.</summary>
    public static long Now => Read("VmRSS:");

    /// <summary>The most that was resident since the start or the last <see cref="ForgetPeak"/>.</summary>
    public static long Peak => Read("VmHWM:");

    /// <summary>Lets <see cref="Peak"/> begin again with what is resident now.</summary>
    public static void ForgetPeak()
    {
        if (OperatingSystem.IsLinux())
            File.WriteAllText("/proc/self/clear_refs", "5");
    }

    private static long Read(string key) => !OperatingSystem.IsLinux()
        ? 0
        : File.ReadLines("/proc/self/status").Where(line => line.StartsWith(key, StringComparison.Ordinal))
            .Select(line => 1024 * long.Parse(line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture)).First();
}
