namespace RlhfV.Preferences;

/// <summary>How <see cref="PreferenceFile.Write"/> writes.</summary>
public sealed record PreferenceWriteOptions
{
    /// <summary>
    /// The format. Null, the default, goes by the extension: <c>.parquet</c> is RLHF-V-Dataset, <c>.jsonl</c> our own lines, <c>.json</c>
    /// LLaMA-Factory, <c>.tsv</c> Muffin.
    /// </summary>
    public IPreferenceFormat? Format { get; init; }

    /// <summary>Where pictures go. Null, the default, is what the format's own readers expect.</summary>
    public ImageStorage? Images { get; init; }

    /// <summary>
    /// The folder that relative <see cref="PreferenceImage.Path"/> values without bytes refer to. Null is the current folder.
    /// </summary>
    public string? ImageRoot { get; init; }

    /// <summary>
    /// True, the default, to keep what a foreign format has no column for (segments, types, conversation turns ..) in a text field that its
    /// own readers ignore. False writes the bare format and drops it.
    /// </summary>
    public bool KeepDetails { get; init; } = true;
}
