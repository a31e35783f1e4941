namespace RlhfV.Extensions.AI;

/// <summary>A conversation leaves the model no room for an answer.</summary>
public sealed class ConversationTooLongException : ArgumentException
{
    /// <summary>Makes the exception.</summary>
    public ConversationTooLongException()
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">How long the conversation is, and how long it may be.</param>
    public ConversationTooLongException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">How long the conversation is, and how long it may be.</param>
    /// <param name="innerException">What went wrong underneath.</param>
    public ConversationTooLongException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">How long the conversation is, and how long it may be.</param>
    /// <param name="paramName">The argument that holds the conversation.</param>
    public ConversationTooLongException(string message, string paramName)
        : base(message, paramName)
    {
    }
}
