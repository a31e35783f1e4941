namespace RlhfV.Evaluation;

/// <summary>How a judge is asked.</summary>
public sealed record JudgeOptions
{
    private readonly int _maxAttempts = 5;
    private readonly int _parallelism = 4;
    private readonly int _repeats = 1;
    private readonly TimeSpan _retryDelay = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The model to ask for; null leaves the choice to the client. It is recorded with every reply: state it with every score.
    /// </summary>
    public string? Model { get; init; }

    /// <summary>How often one question is asked before it is given up, because the reply has no usable form or the call fails.</summary>
    /// <value>The default is 5.</value>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int MaxAttempts
    {
        get => _maxAttempts;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            _maxAttempts = value;
        }
    }

    /// <summary>Number of questions asked at a time.</summary>
    /// <value>The default is 4.</value>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int Parallelism
    {
        get => _parallelism;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            _parallelism = value;
        }
    }

    /// <summary>How often every item is judged: more than once shows how far the judge's own whims move a score.</summary>
    /// <value>The default is 1.</value>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int Repeats
    {
        get => _repeats;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            _repeats = value;
        }
    }

    /// <summary>Wait after a call that failed; it doubles with every further failure of the same question, up to an hour.</summary>
    /// <value>The default is one second; zero waits not at all.</value>
    /// <exception cref="ArgumentOutOfRangeException">Below zero or above an hour.</exception>
    public TimeSpan RetryDelay
    {
        get => _retryDelay;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, LongestDelay);
            _retryDelay = value;
        }
    }

    /// <summary>The longest wait between two attempts.</summary>
    internal static TimeSpan LongestDelay { get; } = TimeSpan.FromHours(1);

    /// <summary>
    /// A file of JSON lines to which every reply is appended as it arrives. A later run takes replies from it instead of asking again, so
    /// that an interrupted run goes on and a score can be computed anew without the judge. Null keeps replies in memory.
    /// </summary>
    public string? StorePath { get; init; }

    /// <summary>Tells the time of a reply and waits between attempts.</summary>
    /// <value>The default is the system's clock.</value>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
