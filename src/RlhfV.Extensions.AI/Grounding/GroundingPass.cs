using System.Text.Json;
using Microsoft.Extensions.AI;
using RlhfV.Models;
using RlhfV.Models.Grounding;

namespace RlhfV.Extensions.AI.Grounding;

/// <summary>
/// Scores finished answers against their pictures, one at a time, beside the thread that generates. A pass reads an answer that is there; it
/// takes about as long as reading the prompt did, twice.
/// </summary>
internal sealed class GroundingPass
{
    private readonly SemaphoreSlim _one = new(1);
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Whether a request asks for it.</summary>
    /// <param name="options">The request's options, or null.</param>
    /// <param name="prompt">What is asked.</param>
    /// <exception cref="ArgumentException">It is asked for, and there is no picture; or the property is neither true nor false.</exception>
    public static bool IsWanted(ChatOptions? options, Prompt prompt)
    {
        bool wanted = options?.AdditionalProperties?.GetValueOrDefault(RlhfVChatProperties.Grounding) switch
        {
            null or false or JsonElement { ValueKind: JsonValueKind.False or JsonValueKind.Null } => false,
            true or JsonElement { ValueKind: JsonValueKind.True } => true,
            { } other => throw new ArgumentException(
                $"{nameof(ChatOptions)}.{nameof(options.AdditionalProperties)}['{RlhfVChatProperties.Grounding}'] is '{other}'; "
                + "expected true or false.",
                nameof(options)),
        };
        return !wanted || prompt.Images.Any() ? wanted : throw new ArgumentException(
            $"'{RlhfVChatProperties.Grounding}' asks how far the picture supports the answer, and the conversation has no picture.", nameof(options));
    }

    /// <summary>Scores an answer and puts the result into the update that ends it; an answer without words gets none.</summary>
    /// <param name="update">The last update.</param>
    /// <param name="model">The model that answered.</param>
    /// <param name="prompt">What was asked.</param>
    /// <param name="answer">The whole answer.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="ObjectDisposedException">The client was disposed meanwhile.</exception>
    public async Task AddAsync(
        ChatResponseUpdate update, VisionLanguageModel model, Prompt prompt, string answer, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(answer))
            return;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stop.Token);
        try
        {
            await ScoreAsync(update, model, prompt, answer, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new ObjectDisposedException(nameof(RlhfVChatClient), "The chat client was disposed before the answer's grounding was there.");
        }
    }

    /// <summary>Ends what is under way, and waits for the computation of this moment, but not for longer than so long.</summary>
    public void Stop(TimeSpan patience)
    {
        _stop.Cancel();
        if (_one.Wait(patience))
            _one.Release();
    }

    private async Task ScoreAsync(
        ChatResponseUpdate update, VisionLanguageModel model, Prompt prompt, string answer, CancellationToken either)
    {
        await _one.WaitAsync(either).ConfigureAwait(false);
        try
        {
            AnswerGrounding grounding = await Task.Run(
                () =>
                {
                    using VisionLanguageModel held = model.AddReference();
                    return new GroundingScorer(held).Score(prompt, answer, either);
                },
                either).ConfigureAwait(false);
            (update.AdditionalProperties ??= [])[RlhfVChatProperties.Grounding] = grounding;
        }
        finally
        {
            _one.Release();
        }
    }
}
