namespace RlhfV.Preferences;

/// <summary>Reads and writes files of preference data in every format of <see cref="PreferenceFormats"/>.</summary>
public static class PreferenceFile
{
    /// <summary>
    /// Reads a file lazily: rows are read while the result is enumerated, and each enumeration reads the file again. Memory does not grow
    /// with the file.
    /// </summary>
    /// <param name="path">
    /// The file. Its format is recognised by content unless <see cref="PreferenceReadOptions.Format"/> names one.
    /// </param>
    /// <param name="options">How to read, or null for the defaults.</param>
    /// <returns>The examples in the order of the file.</returns>
    /// <exception cref="FileNotFoundException">There is no such file; thrown by the call itself.</exception>
    /// <exception cref="PreferenceDataException">
    /// The file is of no known format (thrown by the call itself), or a row is bad and <see cref="PreferenceReadOptions.OnBadRow"/> is null
    /// (thrown while enumerating).
    /// </exception>
    public static IEnumerable<PreferenceExample> Read(string path, PreferenceReadOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        options ??= new PreferenceReadOptions();
        IPreferenceFormat format = options.Format ?? PreferenceFormats.Detect(path);
        PreferenceFileHead.RequireFile(path);
        return format.Read(new PreferenceSource(path, options));
    }

    /// <summary>Writes a file. It is written under a temporary name and moved when it is complete.</summary>
    /// <param name="path">The file to write; an existing one is replaced. Its folder must exist.</param>
    /// <param name="examples">The examples, enumerated once.</param>
    /// <param name="options">How to write, or null for the defaults.</param>
    /// <param name="cancellationToken">Stops the writing; the target stays as it was.</param>
    /// <returns>The number of examples written.</returns>
    /// <exception cref="ArgumentException">No format goes with the extension, or an option does not suit the format.</exception>
    /// <exception cref="DirectoryNotFoundException">The folder does not exist.</exception>
    /// <exception cref="PreferenceDataException">
    /// An example cannot be stored; the row is its number in <paramref name="examples"/>.
    /// </exception>
    public static int Write(
        string path,
        IEnumerable<PreferenceExample> examples,
        PreferenceWriteOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(examples);
        options ??= new PreferenceWriteOptions();
        IPreferenceFormat format = options.Format ?? PreferenceFormats.ForExtension(path);
        return format.Write(new PreferenceTarget(path, options), examples, cancellationToken);
    }
}
