/// <summary>The repository around the running tests; compiled into every test program.</summary>
internal static class RepositoryFolder
{
    /// <summary>The repository's root.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The path of a file or folder.</summary>
    public static string Path(params string[] parts) => System.IO.Path.Combine([Root, .. parts]);

    // From the test's own folder upwards: the compiler's idea of source paths is mapped away in deterministic builds.
    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "RLHF-V.sln")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException($"No RLHF-V.sln above '{AppContext.BaseDirectory}'. Run the tests inside the repository.");
    }
}
