using Microsoft.Extensions.Logging;
using RlhfV.Extensions.AI.Requests;
using RlhfV.Models;
using RlhfV.Models.Generation;

namespace RlhfV.Extensions.AI.Worker;

/// <summary>The thread that owns a model: loads it when the first request comes, answers, and lets it go at the end.</summary>
internal sealed class ModelWorker : IDisposable
{
    private readonly ModelSource _source;
    private readonly ILogger _logger;
    private readonly RequestQueue _queue = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _thread;
    private AnswerRequest? _active;
    private int _disposed;

    /// <summary>Starts the worker.</summary>
    /// <param name="name">The model's name, for the thread's.</param>
    /// <param name="source">The model; owned by the worker from now on.</param>
    /// <param name="logger">Where to log.</param>
    public ModelWorker(string name, ModelSource source, ILogger logger)
    {
        (_source, _logger) = (source, logger);
        _thread = new Thread(Run) { Name = $"RLHF-V {name}", IsBackground = true };
        _thread.Start();
    }

    /// <summary>The model, once it is loaded.</summary>
    public VisionLanguageModel? Model => _source.Loaded;

    /// <summary>Puts a request in line.</summary>
    public void Submit(AnswerRequest request, int queueLength) => _queue.Add(request, queueLength);

    /// <summary>Forgets a request whose caller has left.</summary>
    public void Abandon(AnswerRequest request)
    {
        request.Abandon();
        _queue.Remove(request);
    }

    /// <summary>Ends all requests with <see cref="ObjectDisposedException"/> and waits until the worker has let go of the model.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            // In this order: the thread ends once the queue is closed, and the source must live until it was cancelled.
            _stop.Cancel();
            foreach (AnswerRequest request in _queue.Close())
                request.Complete(Gone());
            Volatile.Read(ref _active)?.Complete(Gone());
        }

        _thread.Join();
        _stop.Dispose();
    }

    private static ObjectDisposedException Gone() =>
        new(nameof(RlhfVChatClient), "The chat client was disposed before the answer was complete.");

    private void Run()
    {
        while (_queue.TryTake(wait: true, out AnswerRequest? request))
        {
            Volatile.Write(ref _active, request);
            if (_stop.IsCancellationRequested)
                request.Complete(Gone());
            else
                Answer(request);
            Volatile.Write(ref _active, null);
        }

        _source.Dispose();
    }

    private void Answer(AnswerRequest request)
    {
        try
        {
            request.CancellationToken.ThrowIfCancellationRequested();
            VisionLanguageModel model = _source.Get(_logger);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(request.CancellationToken, _stop.Token);
            foreach (GenerationUpdate update in model.Stream(request.Prompt, request.Options, either.Token))
            {
                request.Publish(update);
                if (request.IsOver)
                    return;
            }

            request.Complete();
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            request.Complete(Gone());
        }
        catch (Exception problem) // Whatever it is belongs to the one who asked; the worker serves the next.
        {
            request.Complete(problem);
        }
    }
}
