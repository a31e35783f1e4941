namespace RlhfV.Extensions.AI;

/// <summary>A request was refused because too many are waiting already. Trying again later may succeed.</summary>
public sealed class RequestQueueFullException : InvalidOperationException
{
    /// <summary>Makes the exception.</summary>
    public RequestQueueFullException()
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">How many wait, and what to do.</param>
    public RequestQueueFullException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">How many wait, and what to do.</param>
    /// <param name="innerException">What went wrong underneath.</param>
    public RequestQueueFullException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
