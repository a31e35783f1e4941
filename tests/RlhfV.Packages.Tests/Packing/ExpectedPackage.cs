namespace RlhfV.Packages.Tests.Packing;

/// <summary>What a package shall be.</summary>
/// <param name="Id">Its id, the name of its project.</param>
/// <param name="MaxKilobytes">Its size budget.</param>
/// <param name="Dependencies">Its dependencies, our own packages and others, in any order.</param>
internal sealed record ExpectedPackage(string Id, int MaxKilobytes, params string[] Dependencies)
{
    /// <summary>Files beside the library, its documentation, icon and readme.</summary>
    public string[] ExtraFiles { get; init; } = [];

    /// <summary>Whether it holds a library; the meta-package holds none.</summary>
    public bool HasLibrary { get; init; } = true;

    /// <summary>All packages. Pins of transitive packages are listed too: they keep an application's restore free of warnings.</summary>
    public static IReadOnlyList<ExpectedPackage> All { get; } =
    [
        new("RlhfV.Preferences", 300, "Microsoft.Extensions.AI.Abstractions", "Parquet.Net"),
        new(
            "RlhfV.Models", 500,
            "Microsoft.ML.Tokenizers", "TorchSharp", "Google.Protobuf", "SharpZipLib", "SkiaSharp", "SkiaSharp.NativeAssets.Linux.NoDependencies",
            "SkiaSharp.NativeAssets.macOS", "SkiaSharp.NativeAssets.Win32")
        {
            ExtraFiles = ["buildTransitive/RlhfV.Models.targets"],
        },
        new("RlhfV.Training", 300, "RlhfV.Models", "RlhfV.Preferences"),
        new("RlhfV.Evaluation", 800, "RlhfV.Preferences", "Microsoft.Extensions.AI.Abstractions", "OxyPlot.Core")
        {
            ExtraFiles = [.. Notices.Select(file => "licences/" + file)],
        },
        new(
            "RlhfV.ML", 300,
            "RlhfV.Evaluation", "RlhfV.Training", "Microsoft.Extensions.DependencyInjection.Abstractions", "Microsoft.Extensions.Logging.Abstractions",
            "Microsoft.ML", "Microsoft.ML.ImageAnalytics", "System.Numerics.Tensors"),
        new(
            "RlhfV.Extensions.AI", 200,
            "RlhfV.Models", "Microsoft.Extensions.AI", "Microsoft.Extensions.AI.Abstractions", "Microsoft.Extensions.Configuration",
            "Microsoft.Extensions.Configuration.Binder", "Microsoft.Extensions.DependencyInjection.Abstractions",
            "Microsoft.Extensions.Diagnostics.HealthChecks", "Microsoft.Extensions.Hosting.Abstractions", "Microsoft.Extensions.Logging.Abstractions",
            "Microsoft.Extensions.Options", "Microsoft.Extensions.Options.ConfigurationExtensions",
            "Microsoft.Extensions.Options.DataAnnotations", "System.Numerics.Tensors"),
        new(
            "RlhfV", 20, "RlhfV.Evaluation", "RlhfV.Extensions.AI", "RlhfV.ML", "RlhfV.Models", "RlhfV.Preferences", "RlhfV.Training")
        {
            HasLibrary = false,
        },
    ];

    /// <summary>Notices of the word lists and prompts that the evaluation embeds.</summary>
    private static IEnumerable<string> Notices =>
        Directory.GetFiles(RepositoryFolder.Path("src", "RlhfV.Evaluation", "Data", "licences")).Select(file => Path.GetFileName(file)!);

    /// <summary>The expectation of a package.</summary>
    public static ExpectedPackage Of(string id) => All.Single(p => p.Id == id);
}
