using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;

namespace RlhfV.Preferences;

/// <summary>
/// Asks a judge, any <see cref="IChatClient"/>, to correct answers about pictures, and makes preference pairs of the corrections: a way
/// to start without annotators. Thread-safe as far as the judge is.
/// </summary>
public sealed partial class CorrectionAssistant
{
    /// <summary>Characters of a reply that a failure quotes.</summary>
    private const int LongestQuote = 200;

    private static readonly JsonElement VerdictSchema = JsonDocument.Parse(
        """
        {
          "type": "object",
          "properties": {
            "corrected": { "type": "string" },
            "corrections": {
              "type": "array",
              "items": {
                "type": "object",
                "properties": { "wrong": { "type": "string" }, "right": { "type": "string" }, "type": { "type": "string" } },
                "required": ["wrong", "right", "type"],
                "additionalProperties": false
              }
            }
          },
          "required": ["corrected", "corrections"],
          "additionalProperties": false
        }
        """).RootElement;

    private readonly IChatClient _judge;
    private readonly CorrectionAssistantOptions _options;
    private readonly string _annotator;

    /// <summary>Makes an assistant. The judge stays the caller's to dispose.</summary>
    /// <param name="judge">The chat client that corrects. It must see pictures if the requests bring no descriptions.</param>
    /// <param name="options">How to ask, or null for the defaults.</param>
    /// <exception cref="ArgumentException">The options are not valid; the message lists all that is wrong.</exception>
    public CorrectionAssistant(IChatClient judge, CorrectionAssistantOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(judge);
        _judge = judge;
        _options = options ?? new CorrectionAssistantOptions();
        _options.Validate(nameof(options));
        _annotator = (judge.GetService(typeof(ChatClientMetadata)) as ChatClientMetadata)?.DefaultModelId ?? "ai";
    }

    /// <summary>Corrects one answer.</summary>
    /// <param name="request">The answer with what is known of the picture.</param>
    /// <param name="cancellationToken">Stops waiting for the judge.</param>
    /// <returns>The outcome. A judge that fails is an outcome too, not an exception.</returns>
    /// <exception cref="ArgumentException">The request has neither picture nor description, or no answer.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<CorrectionResult> CorrectAsync(CorrectionRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentException.ThrowIfNullOrWhiteSpace(request.Answer, nameof(request));
        if (request.Image is null && request.MoreImages.Count > 0)
            throw new ArgumentException(
                $"The request has {request.MoreImages.Count} further pictures, but no first one. Put the first picture into "
                + $"{nameof(CorrectionRequest)}.{nameof(CorrectionRequest.Image)}.", nameof(request));
        if (request.Image is null && string.IsNullOrWhiteSpace(request.Description))
            throw new ArgumentException(
                "The request has neither a picture nor a description: the judge could only guess. Give it one.", nameof(request));

        var usage = new UsageDetails();
        Exception? failure = null;
        int attempt = 0;
        try
        {
            List<ChatMessage> messages = [await AskAsync(request, cancellationToken)];
            while (attempt < _options.MaximumAttempts)
            {
                attempt++;
                ChatResponse response;
                try
                {
                    response = await _judge.GetResponseAsync(messages, MakeChatOptions(), cancellationToken);
                }
                catch (Exception problem) when (problem is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
                {
                    // Whatever a provider throws (network, quota, overload) may pass: the call is repeated, and the last failure reported.
                    failure = problem;
                    if (attempt < _options.MaximumAttempts)
                        await Task.Delay(_options.RetryDelay * Math.Pow(2, attempt - 1), _options.TimeProvider, cancellationToken);
                    continue;
                }

                if (response.Usage is { } used)
                    usage.Add(used);
                try
                {
                    return MakeResult(request, response) with { Attempts = attempt, Usage = usage };
                }
                catch (JsonException problem)
                {
                    failure = new JsonException(
                        $"The judge's reply '{Shortened(response.Text)}' cannot be used: {JsonText.Reason(problem)}", problem);
                    messages.AddRange(response.Messages);
                    messages.Add(new ChatMessage(
                        ChatRole.User,
                        $"That cannot be used: {JsonText.Reason(problem)} Reply again with one JSON object as described and nothing else."));
                }
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            failure = problem; // the picture's file
        }

        return new CorrectionResult
        {
            Request = request,
            Outcome = CorrectionOutcome.Failed,
            Failure = failure,
            Attempts = attempt,
            Usage = usage,
        };
    }

    /// <summary>Corrects many answers, several at a time, and gives the outcomes in the order of the requests.</summary>
    /// <param name="requests">The answers, taken as needed.</param>
    /// <param name="cancellationToken">Stops the work. Leaving the loop early does too.</param>
    /// <exception cref="ArgumentException">A request has neither picture nor description, or no answer.</exception>
    public async IAsyncEnumerable<CorrectionResult> CorrectAllAsync(
        IEnumerable<CorrectionRequest> requests, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(requests);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var underWay = new Queue<Task<CorrectionResult>>();
        try
        {
            foreach (CorrectionRequest request in requests)
            {
                underWay.Enqueue(CorrectAsync(request, stop.Token));
                if (underWay.Count == _options.MaximumConcurrency)
                    yield return await underWay.Dequeue();
            }

            while (underWay.TryDequeue(out Task<CorrectionResult>? next))
                yield return await next;
        }
        finally
        {
            await stop.CancelAsync();
            await ((Task)Task.WhenAll(underWay)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [GeneratedRegex(@"\{(description|question|answer|types)\}")]
    private static partial Regex Placeholder();

    private static ChatOptions MakeChatOptions() => new()
    {
        Temperature = 0,
        ResponseFormat = ChatResponseFormat.ForJsonSchema(VerdictSchema, "correction"),
    };

    private static string Shortened(string reply) =>
        reply.Length <= LongestQuote ? reply : string.Concat(reply.AsSpan(0, LongestQuote), "..");

    private async Task<ChatMessage> AskAsync(CorrectionRequest request, CancellationToken cancellationToken)
    {
        // One pass over the template: a question that itself holds "{answer}" stays as it is.
        string text = Placeholder().Replace(_options.PromptTemplate, match => match.Groups[1].Value switch
        {
            "description" => string.IsNullOrWhiteSpace(request.Description)
                ? CorrectionAssistantOptions.DefaultMissingDescription
                : request.Description,
            "question" => request.Prompt,
            "answer" => request.Answer,
            _ => string.Join(", ", _options.Types),
        });
        var message = new ChatMessage(ChatRole.User, text);
        PreferenceImage[] images = request.Image is { } first ? [first, .. request.MoreImages] : [];
        for (int i = 0; i < images.Length; i++)
        {
            ReadOnlyMemory<byte> bytes = images[i].Bytes ?? await File.ReadAllBytesAsync(images[i].Path ?? "", cancellationToken);
            string mediaType = ImageSignature.MediaType(bytes.Span)
                ?? throw new IOException($"The picture '{images[i].Path}' of {bytes.Length} bytes is of no known format.");
            message.Contents.Insert(i, new DataContent(bytes, mediaType));
        }

        return message;
    }

    private CorrectionResult MakeResult(CorrectionRequest request, ChatResponse response)
    {
        CorrectionVerdict verdict = CorrectionVerdict.Parse(response.Text, _options.Types);
        if (string.IsNullOrWhiteSpace(verdict.Corrected))
            throw new JsonException("'corrected' is empty, expected the whole answer.");
        if (verdict.Corrected == request.Answer)
        {
            return verdict.Corrections.Count == 0
                ? new CorrectionResult { Request = request, Outcome = CorrectionOutcome.NothingWrong, Attempts = 0 }
                : throw new JsonException("'corrections' is not empty, but 'corrected' is the unchanged answer.");
        }

        var example = new PreferenceExample
        {
            Image = request.Image,
            MoreImages = request.MoreImages,
            Prompt = request.Prompt,
            Chosen = verdict.Corrected,
            Rejected = request.Answer,
            Origin = request.Origin,
        };
        if (ExampleRules.Check(example) is { } fault)
            throw new JsonException($"'{fault.Column}' {fault.Reason}");
        if (ExampleChecks.ChangedShare(example, ValidationOptions.DefaultRewriteMinimumWords) is { } share
            && share > _options.MaximumChangedShare)
        {
            throw new JsonException(FormattableString.Invariant(
                $"'corrected' changes {share:P0} of the answer; change only what is wrong and keep every other word."));
        }

        DateTimeOffset now = _options.TimeProvider.GetUtcNow();
        return new CorrectionResult
        {
            Request = request,
            Outcome = CorrectionOutcome.Corrected,
            Attempts = 0,
            Example = example with
            {
                Segments =
                [
                    .. SegmentDiff.Words(example.Rejected, example.Chosen, _options.Diff).Select(segment => new CorrectedSegment
                    {
                        Rejected = segment.Rejected,
                        Chosen = segment.Chosen,
                        Type = SegmentTyper.TypeOf(segment, example.Rejected, example.Chosen, verdict.Corrections),
                        Annotator = response.ModelId ?? _annotator,
                        Time = now,
                    })
                ],
            },
        };
    }
}
