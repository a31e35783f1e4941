using Microsoft.Extensions.Logging;
using RlhfV.Extensions.AI.Diagnostics;
using RlhfV.Extensions.AI.Requests;
using RlhfV.Models;
using RlhfV.Models.Generation;
using RlhfV.Models.Images;
using static TorchSharp.torch;

namespace RlhfV.Extensions.AI.Worker;

/// <summary>
/// The requests that are being answered, each with a row of one <see cref="GenerationBatch"/>. Belongs to the worker's thread, but for the
/// figures. A request's trouble ends that request; trouble of a step ends those that took part in it.
/// </summary>
/// <param name="logger">Where to log.</param>
internal sealed class ActiveAnswers(ILogger logger) : IDisposable
{
    private readonly Dictionary<long, AnswerRequest> _requests = [];
    private readonly ImageFeatureCache _pictures = new();
    private GenerationBatch? _batch;
    private long _nextId;
    private volatile int _count;
    private volatile int _failures;
    private long _weightBytes;
    private long _cacheBytes;
    private long _lastTicks = -1;

    public int Count => _count;

    public int FailuresInARow => _failures;

    public long DeviceBytes => Interlocked.Read(ref _weightBytes) + Interlocked.Read(ref _cacheBytes) + _pictures.Bytes;

    public TimeSpan? LastDuration => Interlocked.Read(ref _lastTicks) is var ticks and >= 0 ? new TimeSpan(ticks) : null;

    /// <summary>Lets prepared requests join.</summary>
    /// <param name="model">The model.</param>
    /// <param name="joining">The requests.</param>
    /// <param name="rememberedPictures">How many pictures to remember.</param>
    public void Join(VisionLanguageModel model, IReadOnlyList<AnswerRequest> joining, int rememberedPictures)
    {
        if (_batch is null)
        {
            _batch = new GenerationBatch(model);
            Interlocked.Exchange(ref _weightBytes, model.Network.parameters().Sum(p => p.numel() * p.element_size()));
        }

        var prompts = new List<BatchPrompt>(joining.Count);
        foreach (AnswerRequest request in joining)
        {
            long id = _nextId++;
            _requests.Add(id, request);
            request.Trace.Started();
            try
            {
                prompts.Add(new BatchPrompt
                {
                    Id = id,
                    Prompt = request.Prepared!.Encoded,
                    Options = request.Options,
                    ImageFeatures = Features(request.Prepared, request.Trace),
                });
            }
            catch (Exception problem) // Whatever it is belongs to the one whose pictures they are.
            {
                End(problem, [id]);
            }
        }

        Read(prompts);
        _pictures.Trim(rememberedPictures);
        UpdateFigures();
    }

    /// <summary>Computes one token for everyone.</summary>
    public void Step()
    {
        if (_requests.Count == 0)
            return;
        try
        {
            Publish(_batch!.Step());
            _failures = 0;
        }
        catch (Exception problem) // The batch is empty now, and whatever it was, the worker goes on with the next requests.
        {
            End(problem, [.. _requests.Keys]);
        }

        UpdateFigures();
    }

    /// <summary>Forgets requests whose callers have left.</summary>
    public void RemoveLeft()
    {
        foreach ((long id, AnswerRequest request) in _requests.Where(r => r.Value.IsOver).ToArray())
        {
            _requests.Remove(id);
            _batch!.Remove(id);
            request.Abandon();
        }

        UpdateFigures();
    }

    /// <summary>Ends all requests with an error.</summary>
    public void EndAll(Func<Exception> error)
    {
        foreach (AnswerRequest request in _requests.Values)
            request.Complete(error());
        _requests.Clear();
        _batch?.Clear();
        UpdateFigures();
    }

    public void Dispose()
    {
        _batch?.Dispose();
        _pictures.Dispose();
    }

    private void Read(IReadOnlyList<BatchPrompt> prompts)
    {
        if (prompts.Count == 0)
            return;
        try
        {
            IReadOnlyList<BatchUpdate> updates = _batch!.Add(prompts);
            foreach (BatchPrompt prompt in prompts)
                _requests[prompt.Id].Trace.Read();
            _failures = 0;
            Publish(updates);
        }
        catch (Exception problem) when (prompts.Count == 1) // It belongs to the one who asked.
        {
            End(problem, [prompts[0].Id]);
        }
        catch (Exception) // One by one, to find out to whom it belongs.
        {
            foreach (BatchPrompt prompt in prompts)
                Read([prompt]);
        }
    }

    private List<Tensor> Features(PreparedPrompt prepared, RequestTrace trace)
    {
        var features = new List<Tensor>();
        for (int i = 0; i < prepared.ImageHashes.Count; i++)
        {
            string hash = prepared.ImageHashes[i];
            Tensor? known = _pictures.Find(hash);
            trace.PictureLookedUp(known is not null);
            if (known is null)
            {
                // One at a time: the same numbers whatever other pictures come along.
                known = _batch!.EncodeImages((ProcessedImage[])[prepared.Encoded.Images[i]])[0];
                _pictures.Add(hash, known);
            }

            features.Add(known);
        }

        trace.PicturesEncoded(prepared.ImageHashes.Count);
        return features;
    }

    private void Publish(IReadOnlyList<BatchUpdate> updates)
    {
        foreach (BatchUpdate update in updates)
        {
            AnswerRequest request = _requests[update.Id];
            request.Publish(update.Update);
            if (update.Update.Result is not { } result)
                continue;
            _requests.Remove(update.Id);
            request.Trace.Answered(result);
            Interlocked.Exchange(ref _lastTicks, request.Trace.Elapsed.Ticks);
            request.Complete();
        }
    }

    private void End(Exception problem, long[] ids)
    {
        // What is wrong with the input is said as it is. Anything else is a failure of the computation.
        bool input = problem is ArgumentException or FormatException;
        if (!input)
        {
            _failures++;
            ClientLog.ComputationFailed(logger, ids.Length, problem);
        }

        foreach (long id in ids)
        {
            if (_requests.Remove(id, out AnswerRequest? request))
            {
                request.Complete(input ? problem : new InvalidOperationException(
                    $"Computing the answer failed: {problem.Message.Split('\n')[0]} The client goes on with other requests; this one may be sent again.",
                    problem));
            }
        }
    }

    private void UpdateFigures()
    {
        _count = _requests.Count;
        Interlocked.Exchange(ref _cacheBytes, _batch?.CacheBytes ?? 0);
    }
}
