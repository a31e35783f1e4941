using System.Xml.Linq;

namespace RlhfV.Packages.Tests.Support;

/// <summary>The versions that the repository builds with.</summary>
internal static class PackageVersions
{
    /// <summary>Version by id, from Directory.Packages.props.</summary>
    public static IReadOnlyDictionary<string, string> Central { get; } = XDocument.Load(RepositoryFolder.Path("Directory.Packages.props"))
        .Descendants("PackageVersion").ToDictionary(p => p.Attribute("Include")!.Value, p => p.Attribute("Version")!.Value);
}
