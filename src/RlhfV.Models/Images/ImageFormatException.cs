namespace RlhfV.Models.Images;

/// <summary>A picture cannot be used: damaged, cut off, of an unknown format, or too large. The message names the picture, what was found and what was expected.</summary>
public sealed class ImageFormatException : FormatException
{
    /// <summary>Makes the exception.</summary>
    public ImageFormatException()
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">Which picture, what was found, what was expected.</param>
    public ImageFormatException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">Which picture, what was found, what was expected.</param>
    /// <param name="innerException">What went wrong underneath.</param>
    public ImageFormatException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
