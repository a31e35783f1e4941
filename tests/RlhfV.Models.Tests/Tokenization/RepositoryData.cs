namespace RlhfV.Models.Tokenization.Tests;

/// <summary>Files of the repository's own expectations, whichever others the golden tests are pointed to.</summary>
internal static class RepositoryData
{
    /// <summary>The path of a file or folder of the repository's expectations.</summary>
    public static string Path(params string[] parts) => RepositoryFolder.Path(["tests", "RlhfV.Goldens", "data", .. parts]);

    /// <summary>The folder of a family's tiny checkpoint.</summary>
    public static string Checkpoint(string family) => Path("hf", family, "checkpoint");
}
