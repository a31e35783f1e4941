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

    // From the test's own folder upwards: the compiler's idea of source paths is mapped away in deterministic builds.
    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "RLHF-V.sln")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException($"No RLHF-V.sln above '{AppContext.BaseDirectory}'; run the tests inside the repository.");
    }
}
