namespace RlhfV.Goldens;

/// <summary>
/// Finds the stored expectations: numbers and files that the reference implementations produced. Below <see cref="Root"/> lie the
/// sub-folders <c>hf</c>, <c>rlhfv</c> and <c>eval</c>, any of which may be absent.
/// </summary>
public static class GoldenData
{
    /// <summary>Name of the environment variable that points to another set of expectations.</summary>
    public const string EnvironmentVariable = "RLHFV_GOLDENS";

    private static readonly Lazy<string> LazyRoot = new(FindRoot);

    /// <summary>
    /// The folder of the expectations: the value of <see cref="EnvironmentVariable"/> when it is set, else <c>tests/RlhfV.Goldens/data</c>
    /// of the repository that holds the running test assembly.
    /// </summary>
    /// <exception cref="DirectoryNotFoundException">The environment variable names no folder, or no repository surrounds the assembly.</exception>
    public static string Root => LazyRoot.Value;

    /// <summary>The full path of a file or folder below <see cref="Root"/>, whether it exists or not.</summary>
    /// <param name="parts">The path's parts, for example <c>rlhfv</c>, <c>a_diff</c>, <c>diff_pairs.json</c>.</param>
    public static string Path(params string[] parts) => System.IO.Path.Combine([Root, .. parts]);

    /// <summary>True when the file or folder exists below <see cref="Root"/>.</summary>
    /// <param name="parts">The path's parts.</param>
    public static bool Has(params string[] parts)
    {
        string path = Path(parts);
        return File.Exists(path) || Directory.Exists(path);
    }

    private static string FindRoot()
    {
        if (Environment.GetEnvironmentVariable(EnvironmentVariable) is { Length: > 0 } named)
        {
            return Directory.Exists(named)
                ? System.IO.Path.GetFullPath(named)
                : throw new DirectoryNotFoundException(
                    $"{EnvironmentVariable} is '{named}', which is not a folder. Point it to a folder that holds hf, rlhfv or eval, or unset it.");
        }

        // Walking up instead of copying to the output: the data is read by many test projects and would be copied into each of them.
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = System.IO.Path.Combine(folder.FullName, "tests", "RlhfV.Goldens", "data");
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        throw new DirectoryNotFoundException(
            $"No tests/RlhfV.Goldens/data above '{AppContext.BaseDirectory}'. Run the tests inside the repository or set {EnvironmentVariable}.");
    }
}
