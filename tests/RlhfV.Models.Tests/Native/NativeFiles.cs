using System.Runtime.InteropServices;

namespace RlhfV.Models.Tests.Native;

/// <summary>The native libraries beside the running tests.</summary>
internal static class NativeFiles
{
    public static bool IsLinuxX64 => OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64;

    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native");

    /// <summary>TorchSharp's own library for Linux x64, or null where the build brought none.</summary>
    public static string? Shim { get; } =
        Path.Combine(Folder, "libLibTorchSharp.so") is var path && File.Exists(path) ? path : null;
}
