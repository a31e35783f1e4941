using System.Text.RegularExpressions;
using RlhfV.Packages.Tests.Support;

namespace RlhfV.Packages.Tests.Consumer;

/// <summary>The check that RlhfV.Models brings into every build, given the items that the SDK would give it.</summary>
public sealed partial class PackageCheckTests
{
    private static readonly string Libtorch = Item("RuntimeTargetsCopyLocalItems", "libtorch-cpu-linux-x64", "2.10.0");
    private static readonly string LibtorchOfOneSystem = Item("NativeCopyLocalItems", "libtorch-cuda-12.8-linux-x64", "2.10.0");
    private static readonly string Images = Item("RuntimeCopyLocalItems", "Microsoft.ML.ImageAnalytics", "5.0.1");
    private static readonly string NewerImages = Item("RuntimeCopyLocalItems", "Microsoft.ML.ImageAnalytics", "5.1.0");
    private static readonly string Skia = Item("RuntimeCopyLocalItems", "SkiaSharp", "2.88.9");
    private static readonly string NewerSkia = Item("RuntimeCopyLocalItems", "SkiaSharp", "3.119.4");
    private static readonly string PreviewSkia = Item("RuntimeCopyLocalItems", "SkiaSharp", "4.0.0-preview.2");

    [Fact]
    public void Check_WarnsExactlyWhereItShould()
    {
        (string OutputType, string Items, string Expected)[] cases =
        [
            ("Exe", "", "RLHFV1001"),
            ("WinExe", "", "RLHFV1001"),
            ("Library", "", ""),
            ("Exe", "<PropertyGroup><RlhfVCheckPackages>false</RlhfVCheckPackages></PropertyGroup>", ""),
            ("Exe", Libtorch, ""),
            ("Exe", LibtorchOfOneSystem, ""),
            ("Exe", Libtorch + Images + Skia, ""),
            ("Exe", Libtorch + Images + NewerSkia, "RLHFV1002"),
            ("Library", Images + PreviewSkia, "RLHFV1002"),
            ("Library", NewerSkia, ""),
            ("Exe", Libtorch + NewerImages + NewerSkia, ""),
            ("Exe", Images + NewerSkia, "RLHFV1001 RLHFV1002"),
        ];
        using var folder = new TemporaryFolder();
        for (int i = 0; i < cases.Length; i++)
            folder.Write($"case{i}.proj", Project(cases[i].OutputType, cases[i].Items));
        string all = folder.Write("all.proj", $"""
            <Project>
              <Target Name="Build">
                <MSBuild Projects="{string.Join(';', cases.Select((_, i) => $"case{i}.proj"))}" Targets="ResolveReferences" />
              </Target>
            </Project>
            """);

        Dictionary<string, string> variables = new() { ["RLHFV_LIBTORCH"] = "" };
        string log = Tool.DotNet(folder.Path, variables, "msbuild", all, "-v:m", "-nologo");
        ILookup<int, string> found = WarningOfCase.Matches(log).ToLookup(m => int.Parse(m.Groups["case"].Value), m => m.Groups["code"].Value);
        for (int i = 0; i < cases.Length; i++)
            Assert.Equal((i, cases[i].Expected), (i, string.Join(' ', found[i].Distinct().Order(StringComparer.Ordinal))));
    }

    [GeneratedRegex(@"warning (?<code>RLHFV\d+):.*case(?<case>\d+)\.proj\]")]
    private static partial Regex WarningOfCase { get; }

    private static string Item(string list, string id, string version) => $"""
        <ItemGroup>
          <{list} Include="{id}.file"><NuGetPackageId>{id}</NuGetPackageId><NuGetPackageVersion>{version}</NuGetPackageVersion></{list}>
        </ItemGroup>
        """;

    private static string Project(string outputType, string items) => $"""
        <Project>
          <PropertyGroup><OutputType>{outputType}</OutputType></PropertyGroup>
          {items}
          <Target Name="ResolvePackageAssets" />
          <Target Name="ResolveReferences" />
          <Import Project="{RepositoryFolder.Path("nuget", "buildTransitive", "RlhfV.Models.targets")}" />
        </Project>
        """;
}
