using System.Reflection;
using TorchSharp;

namespace RlhfV.Models.Native;

/// <summary>Knows the folders in which a .NET application on Linux x64 has its native libraries.</summary>
/// <param name="probed">The folders in which the runtime looks by itself.</param>
/// <param name="others">Further folders, searched after those.</param>
internal sealed class NativeLibraryLocator(IReadOnlyList<string> probed, IReadOnlyList<string> others)
{
    private const string Rid = "linux-x64";

    /// <summary>All folders, in the order in which they are searched.</summary>
    public IReadOnlyList<string> Folders { get; } =
        [.. probed.Concat(others).Select(c => Path.TrimEndingDirectorySeparator(Path.GetFullPath(c))).Distinct(StringComparer.Ordinal)];

    /// <summary>The folders of the running application, and those of the NuGet cache at which TorchSharp looks too.</summary>
    public static NativeLibraryLocator ForApplication()
    {
        var torchSharp = typeof(torch).Assembly;
        // A single-file application has no assembly location; its native libraries lie in the base folder or in the search directories.
        string? assemblyFolder = Path.GetDirectoryName(torchSharp.Location) is { Length: > 0 } folder ? folder : null;
        return new NativeLibraryLocator(
            [.. SplitPaths(AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string), assemblyFolder ?? AppContext.BaseDirectory],
            [
                AppContext.BaseDirectory,
                NativeFolder(AppContext.BaseDirectory),
                .. assemblyFolder is null ? Array.Empty<string>() : [NativeFolder(assemblyFolder)],
                .. SplitPaths(Environment.GetEnvironmentVariable("LD_LIBRARY_PATH")),
                .. PackageFolders(torchSharp, assemblyFolder),
            ]);
    }

    /// <summary>The first file of this name, or null.</summary>
    public string? Find(string fileName) => First(Folders, fileName);

    /// <summary>The file of this name that the runtime finds by itself, or null.</summary>
    public string? FindProbed(string fileName) => First(probed, fileName);

    private static string? First(IReadOnlyList<string> folders, string fileName) =>
        folders.Select(f => Path.GetFullPath(Path.Combine(f, fileName))).FirstOrDefault(File.Exists);

    private static string[] SplitPaths(string? paths) => (paths ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);

    private static IEnumerable<string> PackageFolders(Assembly torchSharp, string? assemblyFolder)
    {
        string libtorch = LibtorchVersion();

        // Scripts and notebooks run from the package itself: PACKAGES/torchsharp/VERSION/lib/FRAMEWORK/TorchSharp.dll
        if (Path.GetDirectoryName(assemblyFolder) is { } lib && Path.GetFileName(lib) == "lib")
        {
            string package = Path.GetFullPath(Path.Combine(lib, ".."));
            yield return NativeFolder(package);
            yield return NativeFolder(Path.Combine(package, "..", "..", $"libtorch-cpu-{Rid}", libtorch));
        }

        string packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } named
            ? named
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        if (torchSharp.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion is { Length: > 0 } version)
            yield return NativeFolder(Path.Combine(packages, "torchsharp", version.Split('+')[0]));
        yield return NativeFolder(Path.Combine(packages, $"libtorch-cpu-{Rid}", libtorch));
    }

    // The constant itself: the property beside it belongs to a class whose static constructor loads the very libraries that are looked for.
    private static string LibtorchVersion()
    {
        var field = typeof(torch).GetField("libtorchPackageVersion", BindingFlags.Static | BindingFlags.NonPublic);
        // NuGet drops a fourth part that is zero.
        return Version.TryParse(field?.GetRawConstantValue() as string, out var version)
            ? version.ToString(version.Revision > 0 ? 4 : 3)
            : "";
    }

    private static string NativeFolder(string root) => Path.Combine(root, "runtimes", Rid, "native");
}
