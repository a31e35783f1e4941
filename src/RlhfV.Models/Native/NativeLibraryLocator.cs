using System.Reflection;
using TorchSharp;

namespace RlhfV.Models.Native;

/// <summary>Knows the folders in which a .NET application on Linux x64 has its native libraries, in the order in which they are searched.</summary>
internal sealed class NativeLibraryLocator(IReadOnlyList<string> folders)
{
    private const string Rid = "linux-x64";

    /// <summary>The folders that are searched.</summary>
    public IReadOnlyList<string> Folders => folders;

    /// <summary>The folders of the running application, and those of the NuGet cache at which TorchSharp looks too.</summary>
    public static NativeLibraryLocator ForApplication()
    {
        var torchSharp = typeof(torch).Assembly;
        // A single-file application has no assembly location; its native libraries lie in the base folder or in the search directories.
        string? assemblyFolder = Path.GetDirectoryName(torchSharp.Location) is { Length: > 0 } folder ? folder : null;
        List<string?> candidates =
        [
            .. (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries),
            AppContext.BaseDirectory,
            NativeFolder(AppContext.BaseDirectory),
            assemblyFolder,
            assemblyFolder is null ? null : NativeFolder(assemblyFolder),
            .. PackageFolders(torchSharp, assemblyFolder),
        ];
        return new NativeLibraryLocator([.. candidates
            .OfType<string>()
            .Select(c => Path.TrimEndingDirectorySeparator(Path.GetFullPath(c)))
            .Distinct(StringComparer.Ordinal)]);
    }

    /// <summary>The first file of this name, or null.</summary>
    public string? Find(string fileName) => folders.Select(f => Path.Combine(f, fileName)).FirstOrDefault(File.Exists);

    private static IEnumerable<string> PackageFolders(Assembly torchSharp, string? assemblyFolder)
    {
        string libtorch = torch.NormalizeNuGetVersion(torch.__version__);

        // Scripts and notebooks run from the package itself: PACKAGES/torchsharp/VERSION/lib/FRAMEWORK/TorchSharp.dll
        if (assemblyFolder is not null)
        {
            string package = Path.GetFullPath(Path.Combine(assemblyFolder, "..", ".."));
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

    private static string NativeFolder(string root) => Path.Combine(root, "runtimes", Rid, "native");
}
