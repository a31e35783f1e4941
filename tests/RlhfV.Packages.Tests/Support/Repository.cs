using System.Reflection;

namespace RlhfV.Packages.Tests.Support;

/// <summary>The repository around the running tests, and how they were built.</summary>
internal static class Repository
{
    /// <summary>The repository's root.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The configuration of the running build, which is the one that has been built and can be packed.</summary>
    public static string Configuration { get; } = Metadata("Configuration");

    /// <summary>The folder into which NuGet has put the packages that the tests use.</summary>
    public static string PackageFolder { get; } = Metadata("PackageFolder");

    /// <summary>The path of a file or folder.</summary>
    public static string Path(params string[] parts) => System.IO.Path.Combine([Root, .. parts]);

    private static string Metadata(string key) => typeof(Repository).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder, "RLHF-V.sln")))
            folder = System.IO.Path.GetDirectoryName(folder);
        return folder ?? throw new DirectoryNotFoundException($"No RLHF-V.sln above '{AppContext.BaseDirectory}'. Run the tests inside the repository.");
    }
}
