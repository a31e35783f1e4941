using System.Threading.Channels;
using RlhfV.Extensions.AI.Diagnostics;
using RlhfV.Models;
using RlhfV.Models.Generation;

namespace RlhfV.Extensions.AI.Requests;

/// <summary>One request on its way: what is asked, and the channel by which the answer crosses from the worker to the caller.</summary>
/// <param name="prompt">The conversation.</param>
/// <param name="options">Checked decoding options.</param>
/// <param name="trace">What is measured of it.</param>
/// <param name="cancellationToken">The caller's token.</param>
internal sealed class AnswerRequest(Prompt prompt, GenerationOptions options, RequestTrace trace, CancellationToken cancellationToken)
{
    // Not bounded: an answer has at most as many pieces as tokens, and a slow reader must not hold the others up.
    private readonly Channel<GenerationUpdate> _updates =
        Channel.CreateUnbounded<GenerationUpdate>(new UnboundedChannelOptions { SingleReader = true });

    private volatile bool _abandoned;
    private volatile PreparedPrompt? _prepared;

    public Prompt Prompt => prompt;

    public GenerationOptions Options => options;

    public RequestTrace Trace => trace;

    public CancellationToken CancellationToken => cancellationToken;

    /// <summary>The prompt as the model reads it; null until it is prepared. Set once.</summary>
    public PreparedPrompt? Prepared
    {
        get => _prepared;
        set => _prepared = value;
    }

    /// <summary>Whether nobody waits for the answer any more.</summary>
    public bool IsOver => _abandoned || cancellationToken.IsCancellationRequested;

    public IAsyncEnumerable<GenerationUpdate> ReadAsync() => _updates.Reader.ReadAllAsync(cancellationToken);

    public void Publish(GenerationUpdate update) => _updates.Writer.TryWrite(update);

    /// <summary>Ends the answer, well or with an error. Only the first call has an effect.</summary>
    public void Complete(Exception? error = null)
    {
        if (_updates.Writer.TryComplete(error))
            trace.End(error);
    }

    /// <summary>Says that the caller has left.</summary>
    public void Abandon()
    {
        _abandoned = true;
        Complete(new OperationCanceledException(cancellationToken));
    }
}
