using Microsoft.Extensions.Logging;
using RlhfV.Extensions.AI.Diagnostics;
using RlhfV.Extensions.AI.Requests;
using RlhfV.Models;

namespace RlhfV.Extensions.AI.Worker;

/// <summary>
/// The thread on which a model computes. Requests wait in line while their pictures are decoded elsewhere, join between two tokens, and
/// leave when they are done or their callers are gone.
/// </summary>
internal sealed class ModelWorker : IDisposable
{
    // Reading a prompt holds up those who are being answered: so many tokens are read between two of their tokens, or one prompt.
    private const long TokensReadAtOnce = 1024;

    private readonly ModelSource _source;
    private readonly Func<RlhfVChatClientOptions> _settings;
    private readonly ILogger _logger;
    private readonly RequestQueue _queue = new();
    private readonly PromptPreparer _preparer;
    private readonly ActiveAnswers _active;
    private readonly Thread _thread;
    private volatile Exception? _fault;
    private volatile bool _stopping;

    /// <summary>Starts the worker.</summary>
    /// <param name="name">The model's name, for the thread's.</param>
    /// <param name="source">The model; owned by the worker from now on.</param>
    /// <param name="settings">Gives the options that hold now.</param>
    /// <param name="logger">Where to log.</param>
    public ModelWorker(string name, ModelSource source, Func<RlhfVChatClientOptions> settings, ILogger logger)
    {
        (_source, _settings, _logger) = (source, settings, logger);
        _preparer = new PromptPreparer(source);
        _active = new ActiveAnswers(logger);
        _thread = new Thread(Run) { Name = $"RLHF-V {name}", IsBackground = true };

        // Without the context of the call in which the client happens to be made: the thread would keep it alive, and write spans and logs in its name.
        _thread.UnsafeStart();
    }

    /// <summary>The model, once it is loaded.</summary>
    public VisionLanguageModel? Model => _source.Loaded;

    /// <summary>How things are.</summary>
    public RlhfVChatClientStatus Status => new()
    {
        Model = _source.State,
        IsAlive = !_stopping && _fault is null,
        Waiting = _queue.Count,
        QueueLength = _settings().QueueLength,
        Active = _active.Count,
        LastDuration = _active.LastDuration,
        FailuresInARow = _active.FailuresInARow,
        DeviceBytes = _active.DeviceBytes,
    };

    /// <summary>Puts a request in line and begins to prepare it.</summary>
    /// <exception cref="RequestQueueFullException">Too many are waiting.</exception>
    /// <exception cref="ObjectDisposedException">The worker is disposed.</exception>
    /// <exception cref="InvalidOperationException">The worker has ended.</exception>
    public void Submit(AnswerRequest request)
    {
        if (_fault is not null)
            throw Ended();
        RlhfVChatClientOptions now = _settings();
        _queue.Add(request, now.QueueLength);
        _ = PrepareAsync(request, now);
    }

    /// <summary>Forgets a request whose caller has left.</summary>
    public void Abandon(AnswerRequest request)
    {
        request.Abandon();
        _queue.Remove(request);
    }

    /// <summary>
    /// Ends all requests with <see cref="ObjectDisposedException"/> and waits until the token that is being computed is there and the model is
    /// let go.
    /// </summary>
    public void Dispose() => Stop(Timeout.InfiniteTimeSpan);

    /// <summary>Does the same, but does not wait for longer than so long.</summary>
    public void Stop(TimeSpan patience)
    {
        _stopping = true;
        foreach (AnswerRequest request in _queue.Close())
            request.Complete(Gone());
        if (Thread.CurrentThread != _thread)
            _thread.Join(patience);
    }

    private static ObjectDisposedException Gone() =>
        new(nameof(RlhfVChatClient), "The chat client was disposed before the answer was complete.");

    private InvalidOperationException Ended() =>
        new("The chat client's worker has ended and answers no more; make another client. The inner exception says why.", _fault);

    private async Task PrepareAsync(AnswerRequest request, RlhfVChatClientOptions settings)
    {
        try
        {
            request.Prepared = await _preparer.PrepareAsync(request, settings).ConfigureAwait(false);
            _queue.Wake();
        }
        catch (Exception problem) // Nobody awaits this: whatever it is goes to the one who asked.
        {
            request.Complete(problem);
            _queue.Remove(request);
        }
    }

    private void Run()
    {
        try
        {
            while (!_stopping)
            {
                _active.RemoveLeft();
                Admit();
                _active.Step();
            }
        }
        catch (Exception fault) // The steps above handle what can go wrong: this is a defect, and must not end in silence.
        {
            _fault = fault;
            ClientLog.WorkerEnded(_logger, fault);
        }

        Func<Exception> why = _fault is null ? Gone : Ended;
        foreach (AnswerRequest request in _queue.Close())
            request.Complete(why());
        _active.EndAll(why);
        _active.Dispose();
        _source.Dispose();
    }

    private void Admit()
    {
        RlhfVChatClientOptions now = _settings();
        var joining = new List<AnswerRequest>();
        long tokens = 0;
        while (_active.Count + joining.Count < now.MaxBatch
            && tokens < TokensReadAtOnce
            && _queue.TryTake(wait: _active.Count + joining.Count == 0, out AnswerRequest? request))
        {
            if (request.IsOver)
            {
                request.Abandon();
                continue;
            }

            joining.Add(request);
            tokens += request.Prepared!.Encoded.Ids.Count;
        }

        if (joining.Count > 0)
            _active.Join(_source.Loaded!, joining, now.ImageCacheSize);
    }
}
