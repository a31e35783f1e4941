namespace RlhfV.Extensions.AI;

/// <summary>A conversation has more pictures, or a larger one, than the client's options allow.</summary>
public sealed class ImageLimitException : ArgumentException
{
    /// <summary>Makes the exception.</summary>
    public ImageLimitException()
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">Which picture, what was found, what is allowed.</param>
    public ImageLimitException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">Which picture, what was found, what is allowed.</param>
    /// <param name="innerException">What went wrong underneath.</param>
    public ImageLimitException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">Which picture, what was found, what is allowed.</param>
    /// <param name="paramName">The argument that holds the picture.</param>
    public ImageLimitException(string message, string paramName)
        : base(message, paramName)
    {
    }
}
