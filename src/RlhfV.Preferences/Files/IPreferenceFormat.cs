namespace RlhfV.Preferences;

/// <summary>
/// One file format of preference data. The known ones are in <see cref="PreferenceFormats"/>; an own implementation is handed over through
/// <see cref="PreferenceReadOptions.Format"/> and <see cref="PreferenceWriteOptions.Format"/>. Implementations keep no state.
/// </summary>
public interface IPreferenceFormat
{
    /// <summary>The format's name, for example <c>RLHF-V parquet</c>.</summary>
    string Name { get; }

    /// <summary>The usual file extension, with the dot.</summary>
    string Extension { get; }

    /// <summary>True when the file's beginning shows this format.</summary>
    /// <param name="head">What is known of the file before it is read.</param>
    bool Recognizes(PreferenceFileHead head);

    /// <summary>Reads the examples one by one; memory does not grow with the file.</summary>
    /// <param name="source">The file, the options, and the helpers that report bad rows.</param>
    IEnumerable<PreferenceExample> Read(PreferenceSource source);

    /// <summary>Writes the examples one by one. The file becomes visible under its name only when it is complete.</summary>
    /// <param name="target">The file and the options.</param>
    /// <param name="examples">The examples, enumerated once.</param>
    /// <param name="cancellationToken">Stops the writing; nothing is left behind.</param>
    /// <returns>The number of examples written.</returns>
    int Write(PreferenceTarget target, IEnumerable<PreferenceExample> examples, CancellationToken cancellationToken);
}
