namespace RlhfV.Extensions.AI;

/// <summary>A client's state at one moment. Taking it costs next to nothing.</summary>
public sealed record RlhfVChatClientStatus
{
    /// <summary>How far the model is.</summary>
    public required ModelState Model { get; init; }

    /// <summary>Whether the worker lives. A client whose worker ended answers no more.</summary>
    public required bool IsAlive { get; init; }

    /// <summary>Requests that wait.</summary>
    public required int Waiting { get; init; }

    /// <summary>Most requests that may wait.</summary>
    public required int QueueLength { get; init; }

    /// <summary>Requests that are being answered.</summary>
    public required int Active { get; init; }

    /// <summary>How long the last complete answer took, from its request on; null before the first.</summary>
    public required TimeSpan? LastDuration { get; init; }

    /// <summary>Computations that failed in a row, for example for want of device memory; 0 once one succeeds.</summary>
    public required int FailuresInARow { get; init; }

    /// <summary>Bytes of the weights, of keys and values, and of remembered picture features, where the model runs.</summary>
    public required long DeviceBytes { get; init; }
}
