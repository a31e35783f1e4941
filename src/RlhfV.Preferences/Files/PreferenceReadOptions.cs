namespace RlhfV.Preferences;

/// <summary>How <see cref="PreferenceFile.Read"/> reads.</summary>
public sealed record PreferenceReadOptions
{
    /// <summary>The file's format. Null, the default, recognises it by content.</summary>
    public IPreferenceFormat? Format { get; init; }

    /// <summary>
    /// The folder below which picture paths in the file are looked up. Null, the default, is the folder of the file. A path that leads out
    /// of it, by <c>..</c>, as an absolute path or through a symbolic link, is refused.
    /// </summary>
    public string? ImageRoot { get; init; }

    /// <summary>What to do with pictures that lie beside the file. The default is <see cref="ImageLoading.Bytes"/>.</summary>
    public ImageLoading Images { get; init; }

    /// <summary>Told the number of the row that is being read, every hundred rows. Null, the default, tells nobody.</summary>
    public IProgress<long>? Progress { get; init; }

    /// <summary>
    /// Called for each bad row, which is then left out. Null, the default, throws at the first bad row. Problems of the whole file
    /// (missing, of no known format) are thrown in either case.
    /// </summary>
    public Action<PreferenceDataException>? OnBadRow { get; init; }
}
