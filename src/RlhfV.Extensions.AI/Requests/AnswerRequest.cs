using System.Threading.Channels;
using RlhfV.Models;
using RlhfV.Models.Generation;

namespace RlhfV.Extensions.AI.Requests;

/// <summary>One request on its way: what is asked, and the channel by which the answer crosses from the worker to the caller.</summary>
/// <param name="prompt">The conversation.</param>
/// <param name="options">Checked decoding options.</param>
/// <param name="cancellationToken">The caller's token.</param>
internal sealed class AnswerRequest(Prompt prompt, GenerationOptions options, CancellationToken cancellationToken)
{
    // Not bounded: an answer has at most as many pieces as tokens, and a slow reader must not hold the others up.
    private readonly Channel<GenerationUpdate> _updates =
        Channel.CreateUnbounded<GenerationUpdate>(new UnboundedChannelOptions { SingleReader = true });

    private volatile bool _abandoned;

    public Prompt Prompt => prompt;

    public GenerationOptions Options => options;

    public CancellationToken CancellationToken => cancellationToken;

    /// <summary>Whether nobody waits for the answer any more.</summary>
    public bool IsOver => _abandoned || cancellationToken.IsCancellationRequested;

    public IAsyncEnumerable<GenerationUpdate> ReadAsync() => _updates.Reader.ReadAllAsync(cancellationToken);

    public void Publish(GenerationUpdate update) => _updates.Writer.TryWrite(update);

    /// <summary>Ends the answer, well or with an error. Only the first call has an effect.</summary>
    public void Complete(Exception? error = null) => _updates.Writer.TryComplete(error);

    /// <summary>Says that the caller has left.</summary>
    public void Abandon()
    {
        _abandoned = true;
        Complete();
    }
}
