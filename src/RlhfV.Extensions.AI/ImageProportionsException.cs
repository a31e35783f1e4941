namespace RlhfV.Extensions.AI;

/// <summary>A picture of a conversation is so much longer than wide, or the reverse, that the client's options do not allow it.</summary>
public sealed class ImageProportionsException : ArgumentException
{
    /// <summary>Makes the exception.</summary>
    public ImageProportionsException()
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">Which picture, what was found, what is allowed.</param>
    public ImageProportionsException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">Which picture, what was found, what is allowed.</param>
    /// <param name="innerException">What went wrong underneath.</param>
    public ImageProportionsException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">Which picture, what was found, what is allowed.</param>
    /// <param name="paramName">The argument that holds the picture.</param>
    public ImageProportionsException(string message, string paramName)
        : base(message, paramName)
    {
    }
}
