namespace RlhfV.Preferences;

/// <summary>What a reader does with pictures that lie beside the file. Pictures inside the file always come as bytes.</summary>
public enum ImageLoading
{
    /// <summary>
    /// Read the picture into <see cref="PreferenceImage.Bytes"/>; <see cref="PreferenceImage.Path"/> keeps the name in the file.
    /// </summary>
    Bytes,

    /// <summary>
    /// Check that the picture exists and is one, and set <see cref="PreferenceImage.Path"/> to its full path; no bytes are kept.
    /// </summary>
    Path,
}
