namespace RlhfV.Extensions.AI;

/// <summary>A request asks for a model that the client does not serve.</summary>
public sealed class ModelMismatchException : ArgumentException
{
    /// <summary>Makes the exception.</summary>
    public ModelMismatchException()
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">The model asked for, and the one that is served.</param>
    public ModelMismatchException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">The model asked for, and the one that is served.</param>
    /// <param name="innerException">What went wrong underneath.</param>
    public ModelMismatchException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">The model asked for, and the one that is served.</param>
    /// <param name="paramName">The argument that holds the conversation.</param>
    public ModelMismatchException(string message, string paramName)
        : base(message, paramName)
    {
    }
}
