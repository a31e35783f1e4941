using System.Runtime.CompilerServices;

namespace RlhfV.Models.Tokenization.Tests;

/// <summary>Files of the repository's own expectations, whichever others the golden tests are pointed to.</summary>
internal static class RepositoryData
{
    /// <summary>The repository's root.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The path of a file or folder of the repository's expectations.</summary>
    public static string Path(params string[] parts) => System.IO.Path.Combine([Root, "tests", "RlhfV.Goldens", "data", .. parts]);

    /// <summary>The folder of a family's tiny checkpoint.</summary>
    public static string Checkpoint(string family) => Path("hf", family, "checkpoint");

    private static string FindRoot([CallerFilePath] string path = "") =>
        System.IO.Path.GetFullPath(System.IO.Path.Combine(path, "..", "..", "..", ".."));
}
