using RlhfV.Packages.Tests.Packing;
using RlhfV.Packages.Tests.Support;

namespace RlhfV.Packages.Tests.Consumer;

/// <summary>
/// Projects outside the repository that reference the packed packages. Those are unpacked into a folder of their own; all others are taken
/// from where they have been unpacked before, so nothing is downloaded and the user's package cache stays as it is.
/// </summary>
internal sealed class ConsumerSolution : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly PackedPackages _packages;

    public ConsumerSolution(PackedPackages packages)
    {
        _packages = packages;
        _folder.Write("nuget.config", $"""
            <configuration>
              <config>
                <add key="globalPackagesFolder" value="{_folder.File("unpacked")}" />
              </config>
              <packageSources>
                <add key="packed" value="{packages.Folder}" />
              </packageSources>
              <packageSourceMapping>
                <clear />
              </packageSourceMapping>
              <fallbackPackageFolders>
                <add key="unpacked before" value="{RunningBuild.PackageFolder}" />
              </fallbackPackageFolders>
            </configuration>
            """);
    }

    /// <summary>A reference to one of our packages.</summary>
    public string Reference(string id) => Reference(id, _packages.Version);

    /// <summary>A reference to any package.</summary>
    public static string Reference(string id, string version) => $"""<PackageReference Include="{id}" Version="{version}" />""";

    /// <summary>Adds a project; its files are all that lie in its folder.</summary>
    /// <param name="name">Name of project and folder.</param>
    /// <param name="outputType">Exe or Library.</param>
    /// <param name="references">Reference elements.</param>
    /// <returns>The project's folder.</returns>
    public string AddProject(string name, string outputType, params string[] references)
    {
        string file = _folder.Write(Path.Combine(name, name + ".csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <OutputType>{outputType}</OutputType>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <NuGetAudit>false</NuGetAudit>
                <CreateHardLinksForCopyLocalIfPossible>true</CreateHardLinksForCopyLocalIfPossible>
              </PropertyGroup>
              <ItemGroup>
                {string.Join("\n    ", references)}
              </ItemGroup>
            </Project>
            """);
        return Path.GetDirectoryName(file)!;
    }

    public void Dispose() => _folder.Dispose();
}
