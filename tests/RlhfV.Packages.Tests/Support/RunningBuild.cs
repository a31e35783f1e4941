using System.Reflection;

namespace RlhfV.Packages.Tests.Support;

/// <summary>How the running tests were built.</summary>
internal static class RunningBuild
{
    /// <summary>The configuration of the running build, which is the one that has been built and can be packed.</summary>
    public static string Configuration { get; } = Metadata("Configuration");

    /// <summary>The folder into which NuGet has put the packages that the tests use.</summary>
    public static string PackageFolder { get; } = Metadata("PackageFolder");

    private static string Metadata(string key) => typeof(RunningBuild).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}
