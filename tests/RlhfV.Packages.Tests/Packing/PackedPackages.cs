using RlhfV.Packages.Tests.Packing;
using RlhfV.Packages.Tests.Support;

[assembly: AssemblyFixture(typeof(PackedPackages))]

namespace RlhfV.Packages.Tests.Packing;

/// <summary>All packages, packed once from what is built already: nothing is compiled, so other tests may run beside.</summary>
public sealed class PackedPackages : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public PackedPackages()
    {
        // A version that nobody has seen: no cache of any machine can hold it.
        string suffix = $"test{DateTime.UtcNow:yyyyMMddHHmmssfff}";
        string[] options = ["--no-build", "--version-suffix", suffix, $"-p:NuspecOutputPath={_folder.File("nuspec")}/"];
        Log = OperatingSystem.IsWindows()
            ? Tool.DotNet(
                RepositoryFolder.Root,
                ["pack", "RLHF-V.sln", "--configuration", RunningBuild.Configuration, "--output", Folder, .. options])
            : Tool.Run(
                RepositoryFolder.Root,
                RepositoryFolder.Path("nuget", "pack.sh"),
                new() { ["PACKAGES"] = Folder, ["CONFIGURATION"] = RunningBuild.Configuration },
                options);
        string meta = Directory.GetFiles(Folder, $"RlhfV.*-{suffix}.nupkg").Select(f => Path.GetFileNameWithoutExtension(f)).Single(IsMetaPackage);
        Version = meta["RlhfV.".Length..];
    }

    /// <summary>The folder of the packages, usable as a package source.</summary>
    public string Folder => _folder.File("packages");

    /// <summary>The version of all packages.</summary>
    public string Version { get; }

    /// <summary>What packing printed.</summary>
    public string Log { get; }

    /// <summary>Path of a package.</summary>
    public string PackageFile(string id) => Path.Combine(Folder, $"{id}.{Version}.nupkg");

    /// <summary>Path of a symbol package.</summary>
    public string SymbolFile(string id) => Path.Combine(Folder, $"{id}.{Version}.snupkg");

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    private static bool IsMetaPackage(string name) => char.IsAsciiDigit(name["RlhfV.".Length]);
}
