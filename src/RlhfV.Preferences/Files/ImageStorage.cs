namespace RlhfV.Preferences;

/// <summary>Where a writer puts pictures.</summary>
public enum ImageStorage
{
    /// <summary>In the file itself, as bytes or base64.</summary>
    Inline,

    /// <summary>As files beside the written file, which names them by relative path.</summary>
    Folder,
}
