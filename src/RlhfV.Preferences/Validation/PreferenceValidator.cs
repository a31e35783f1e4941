using System.Text.Json;

namespace RlhfV.Preferences;

/// <summary>Looks for everything that is wrong with a file of preference data, and sorts it out.</summary>
public static class PreferenceValidator
{
    /// <summary>Reads a whole file and lists its problems. Memory grows with the number of problems and ids only.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">What to let pass, or null for the defaults.</param>
    /// <param name="readOptions">
    /// How to read, or null for the defaults. <see cref="PreferenceReadOptions.OnBadRow"/> is called as well.
    /// </param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="PreferenceDataException">The file is of no known format.</exception>
    public static ValidationReport Validate(
        string path,
        ValidationOptions? options = null,
        PreferenceReadOptions? readOptions = null,
        CancellationToken cancellationToken = default)
    {
        var run = new ValidationRun(path, options ?? new(), readOptions ?? new());
        foreach (ValidatedRow _ in run.Rows(cancellationToken))
        {
        }

        return run.ToReport();
    }

    /// <summary>
    /// Writes the rows without problems to one file and the others, each with its problems, to another: JSON lines of <see
    /// cref="RefusedRow"/>. Both become visible when both are complete.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="cleanPath">Where the clean rows go; the format goes by the extension or <paramref name="writeOptions"/>.</param>
    /// <param name="refusedPath">Where the refused rows go.</param>
    /// <param name="options">What to let pass, or null for the defaults.</param>
    /// <param name="readOptions">How to read, or null for the defaults.</param>
    /// <param name="writeOptions">How to write the clean rows, or null for the defaults.</param>
    /// <param name="cancellationToken">Stops the work; nothing is left behind.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="PreferenceDataException">The file is of no known format.</exception>
    public static ValidationReport Separate(
        string path,
        string cleanPath,
        string refusedPath,
        ValidationOptions? options = null,
        PreferenceReadOptions? readOptions = null,
        PreferenceWriteOptions? writeOptions = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(refusedPath);
        var run = new ValidationRun(path, options ?? new(), readOptions ?? new());
        AtomicFile.Write(refusedPath, refused =>
            PreferenceFile.Write(cleanPath, CleanRows(run, refused, cancellationToken), writeOptions, cancellationToken));
        return run.ToReport();
    }

    private static IEnumerable<PreferenceExample> CleanRows(ValidationRun run, Stream refused, CancellationToken cancellationToken)
    {
        foreach (ValidatedRow row in run.Rows(cancellationToken))
        {
            if (row.Problems.Count == 0)
            {
                yield return row.Example!;
                continue;
            }

            JsonSerializer.Serialize(
                refused,
                new RefusedRow { Row = row.Row, Problems = [.. row.Problems.Select(problem => problem.ToString())], Example = row.Example },
                PreferenceJson.Refused);
            refused.WriteByte((byte)'\n');
        }
    }
}
