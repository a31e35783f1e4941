namespace RlhfV.ML.Columns;

/// <summary>The forms in which a column can hold pictures.</summary>
internal enum ImageColumnKind
{
    /// <summary>Decoded pixels: <see cref="Microsoft.ML.Data.MLImage"/>.</summary>
    Pixels,

    /// <summary>An encoded picture: a vector of bytes.</summary>
    Bytes,

    /// <summary>The path of a file: text.</summary>
    Path,
}
