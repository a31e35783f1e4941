using System.Diagnostics.CodeAnalysis;

namespace RlhfV.Extensions.AI.Requests;

/// <summary>The bounded line in front of the worker: first come, first served; who leaves frees the place at once.</summary>
internal sealed class RequestQueue
{
    private readonly object _gate = new();
    private readonly LinkedList<AnswerRequest> _waiting = [];
    private bool _closed;

    public int Count
    {
        get
        {
            lock (_gate)
                return _waiting.Count;
        }
    }

    /// <summary>Adds a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="length">Most requests that may wait.</param>
    /// <exception cref="RequestQueueFullException">As many wait already.</exception>
    /// <exception cref="ObjectDisposedException">The queue is closed.</exception>
    public void Add(AnswerRequest request, int length)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(RlhfVChatClient));
            if (_waiting.Count >= length)
            {
                throw new RequestQueueFullException(
                    $"{_waiting.Count} requests are waiting already, and {nameof(RlhfVChatClientOptions.QueueLength)} allows {length}. "
                    + "Try again later, send fewer requests at once, or raise the limit.");
            }

            _waiting.AddLast(request);
        }
    }

    /// <summary>Takes a request out, if it still waits.</summary>
    public void Remove(AnswerRequest request)
    {
        lock (_gate)
        {
            if (_waiting.Remove(request))
                Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Looks again whether the first one is prepared.</summary>
    public void Wake()
    {
        lock (_gate)
            Monitor.PulseAll(_gate);
    }

    /// <summary>Takes the longest waiting request once it is prepared. Those behind it wait for their turn even if they are prepared earlier.</summary>
    /// <param name="wait">Whether to wait for it.</param>
    /// <param name="request">The request.</param>
    /// <returns>False when the queue is closed, or when there is none and <paramref name="wait"/> is false.</returns>
    public bool TryTake(bool wait, [NotNullWhen(true)] out AnswerRequest? request)
    {
        lock (_gate)
        {
            while (wait && !_closed && _waiting.First?.Value.Prepared is null)
                Monitor.Wait(_gate);
            request = _waiting.First?.Value;
            if (request?.Prepared is null)
                request = null;
            else
                _waiting.RemoveFirst();
            return request is not null;
        }
    }

    /// <summary>Refuses further requests and gives those that wait.</summary>
    public IReadOnlyList<AnswerRequest> Close()
    {
        lock (_gate)
        {
            _closed = true;
            AnswerRequest[] left = [.. _waiting];
            _waiting.Clear();
            Monitor.PulseAll(_gate);
            return left;
        }
    }
}
