namespace RlhfV.Models;

/// <summary>A file of a model is not what it should be: the message names the file, what was found and what was expected.</summary>
public class ModelFormatException : FormatException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">File, found, expected, what to do.</param>
    public ModelFormatException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with its cause.</summary>
    /// <param name="message">File, found, expected, what to do.</param>
    /// <param name="innerException">The cause.</param>
    public ModelFormatException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
