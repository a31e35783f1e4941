using RlhfV.Models;
using RlhfV.Packages.Tests.Documents;
using RlhfV.Packages.Tests.Packing;
using RlhfV.Packages.Tests.Support;
using RlhfV.Preferences;

namespace RlhfV.Packages.Tests.Consumer;

public sealed class ConsumerTests(PackedPackages packages)
{
    [Fact]
    public void NewConsoleApplication_ReferencingThePackages_CaptionsAPicture()
    {
        using var solution = new ConsumerSolution(packages);
        string app = solution.AddProject("Captions", "Exe", [solution.Reference("RlhfV"), .. Libtorch]);
        File.WriteAllText(Path.Combine(app, "Program.cs"), CodeBlock.Of("docs/getting-started.md").First().Code);
        Tool.DotNet(app, "build", "-c", "Release", "-warnaserror", "-o", "out");

        string modelFolder = RepositoryFolder.Path("samples", "SceneWorld", "data", "model");
        PreferenceImage scene = PreferenceFile.Read(RepositoryFolder.Path("samples", "SceneWorld", "data", "sceneworld-preferences.parquet")).First().Image!;
        string picture = Path.Combine(app, "scene.png");
        File.WriteAllBytes(picture, scene.Bytes!.Value.Span);
        string caption = Tool.DotNet(app, Path.Combine("out", "Captions.dll"), modelFolder, picture).Trim();

        using var model = VisionLanguageModel.Load(modelFolder);
        Assert.Equal(model.Generate(Prompt.Ask("Describe this image in detail.", ImageSource.FromFile(picture))).Text, caption);
        Assert.InRange(caption.Split(' ').Length, 10, 200);
    }

    [Fact]
    public void Documents_CompileAgainstThePackages()
    {
        using var solution = new ConsumerSolution(packages);
        string[] web = ["""<FrameworkReference Include="Microsoft.AspNetCore.App" />"""];
        string docs = solution.AddProject("Documents", "Library", [solution.Reference("RlhfV"), .. web]);
        CodeBlock[] blocks = [.. CodeBlock.OfAllDocuments()];
        Assert.NotEmpty(blocks);
        foreach (CodeBlock block in blocks)
            File.WriteAllText(Path.Combine(docs, block.Name + ".cs"), block.ToClass());
        // Async methods without await: every block is put into one.
        Tool.DotNet(docs, "build", "-c", "Release", "-warnaserror", "-p:NoWarn=CS1998");
    }

    [Fact]
    public void Program_WithoutLibtorch_IsWarnedWhileBuilding()
    {
        using var solution = new ConsumerSolution(packages);
        string app = solution.AddProject("Bare", "Exe", solution.Reference("RlhfV"));
        string library = solution.AddProject("Part", "Library", solution.Reference("RlhfV"));
        Dictionary<string, string> variables = new() { ["RLHFV_LIBTORCH"] = "" };
        string[] check = ["msbuild", "-restore", "-t:ResolveReferences", "-v:m"];
        Assert.Contains("RLHFV1001", Tool.DotNet(app, variables, check), StringComparison.Ordinal);
        Assert.DoesNotContain("RLHFV1001", Tool.DotNet(library, variables, check), StringComparison.Ordinal);
    }

    // The same choice as Directory.Build.targets makes for the repository's own programs.
    private static string[] Libtorch =>
        Environment.GetEnvironmentVariable("RLHFV_LIBTORCH") is { Length: > 0 } ? []
        : OperatingSystem.IsLinux() ? [ConsumerSolution.Reference("libtorch-cpu-linux-x64", PackageVersions.Central["libtorch-cpu-linux-x64"])]
        : [ConsumerSolution.Reference("TorchSharp-cpu", PackageVersions.Central["TorchSharp-cpu"])];
}
