namespace RlhfV.Extensions.AI;

/// <summary>A conversation asks nothing: it has no message of the user, or the last one is empty.</summary>
public sealed class EmptyConversationException : ArgumentException
{
    /// <summary>Makes the exception.</summary>
    public EmptyConversationException()
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">What is missing, and what is expected.</param>
    public EmptyConversationException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">What is missing, and what is expected.</param>
    /// <param name="innerException">What went wrong underneath.</param>
    public EmptyConversationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">What is missing, and what is expected.</param>
    /// <param name="paramName">The argument that holds the conversation.</param>
    public EmptyConversationException(string message, string paramName)
        : base(message, paramName)
    {
    }
}
