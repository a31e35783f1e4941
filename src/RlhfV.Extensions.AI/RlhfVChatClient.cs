using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using RlhfV.Extensions.AI.Diagnostics;
using RlhfV.Extensions.AI.Grounding;
using RlhfV.Extensions.AI.Requests;
using RlhfV.Extensions.AI.Worker;
using RlhfV.Models;
using RlhfV.Models.Generation;
using RlhfV.Models.Images;

namespace RlhfV.Extensions.AI;

/// <summary>
/// A local vision-language model as <see cref="IChatClient"/>. Safe for concurrent use: one thread of its own owns the model and answers
/// several requests at once; further ones wait in a bounded line, first come, first served.
/// </summary>
/// <remarks>
/// <para>Messages: system (text, before the first turn), user (text and pictures as <see cref="DataContent"/> of media type image/*) and
/// assistant (text). Anything else is refused with <see cref="NotSupportedException"/>.</para>
/// <para>Stateless: send the whole conversation with every request. The answer ends with an update that carries the finish reason and
/// <see cref="UsageContent"/>.</para>
/// </remarks>
public sealed class RlhfVChatClient : IChatClient
{
    /// <summary>The provider's name in <see cref="ChatClientMetadata"/> and telemetry.</summary>
    public const string ProviderName = "rlhfv";

    /// <summary>The key under which <see cref="UsageDetails.AdditionalCounts"/> holds how many of the input tokens are image tokens.</summary>
    public const string InputImageTokenCount = nameof(InputImageTokenCount);

    /// <summary>Name of the <c>ActivitySource</c> and the <c>Meter</c>.</summary>
    public const string TelemetryName = "RlhfV.Extensions.AI";

    // For the computation of one token or one prompt, which cannot be interrupted; an exit that hangs would be worse than one that fails.
    private static readonly TimeSpan ExitPatience = TimeSpan.FromSeconds(30);

    private readonly ChatClientMetadata _metadata;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ModelWorker _worker;
    private readonly GroundingPass _grounding = new();
    private readonly VisionLanguageModel? _owned;
    private volatile RlhfVChatClientOptions _options;

    /// <summary>Makes a client of a loaded model.</summary>
    /// <param name="model">The model. The client keeps a reference of its own, so the weights stay as long as the client needs them.</param>
    /// <param name="options">Limits and defaults, copied; null for the defaults.</param>
    /// <param name="ownsModel">Whether disposing the client disposes <paramref name="model"/> too.</param>
    /// <param name="loggerFactory">Where to log; null for nowhere.</param>
    /// <param name="timeProvider">The clock; null for the system's.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists every one.</exception>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public RlhfVChatClient(
        VisionLanguageModel model,
        RlhfVChatClientOptions? options = null,
        bool ownsModel = false,
        ILoggerFactory? loggerFactory = null,
        TimeProvider? timeProvider = null)
        : this(logger => ModelSource.Of(model, logger), NameOf(model, options), options ?? new RlhfVChatClientOptions(), loggerFactory, timeProvider) =>
        _owned = ownsModel ? model : null;

    internal RlhfVChatClient(
        Func<ILogger, ModelSource> model,
        string modelId,
        RlhfVChatClientOptions options,
        ILoggerFactory? loggerFactory,
        TimeProvider? timeProvider)
    {
        OptionsCheck.ThrowIfInvalid(options);
        _options = options.Copy();
        _metadata = new ChatClientMetadata(ProviderName, defaultModelId: modelId);
        _time = timeProvider ?? TimeProvider.System;
        _logger = (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger<RlhfVChatClient>();
        _worker = new ModelWorker(modelId, model(_logger), () => _options, _logger);

        // A process whose threads still compute while libtorch is taken down ends with a segmentation fault: nobody needs to dispose to exit well.
        AppDomain.CurrentDomain.ProcessExit += StopBeforeExit;
    }

    /// <summary>The client's state now.</summary>
    public RlhfVChatClientStatus Status => _worker.Status;

    internal IDisposable? Reloading { private get; set; }

    private string ModelId => _metadata.DefaultModelId!;

    /// <summary>Answers a conversation.</summary>
    /// <param name="messages">The conversation, the user's message last.</param>
    /// <param name="options">What to do differently from the client's options; not changed.</param>
    /// <param name="cancellationToken">Checked before every token.</param>
    /// <returns>The whole answer with finish reason and usage.</returns>
    /// <exception cref="EmptyConversationException">There is no message of the user, or the last one is empty.</exception>
    /// <exception cref="ModelMismatchException">The options ask for another model.</exception>
    /// <exception cref="ArgumentException">The conversation does not end with the user, or holds the model's own picture token.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    /// <exception cref="NotSupportedException">A content, role or option is not understood.</exception>
    /// <exception cref="ImageLimitException">There are too many pictures, or one is larger than the options allow.</exception>
    /// <exception cref="ImageProportionsException">A picture is longer than wide, or the reverse, by more than the options allow.</exception>
    /// <exception cref="ConversationTooLongException">The conversation leaves no room for an answer.</exception>
    /// <exception cref="RequestQueueFullException">Too many requests are waiting.</exception>
    /// <exception cref="Models.Images.ImageFormatException">A picture cannot be read.</exception>
    /// <exception cref="ObjectDisposedException">The client is disposed, or was before the answer was complete.</exception>
    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    /// <summary>Answers a conversation piece by piece. Leaving the loop early stops the generation.</summary>
    /// <param name="messages">The conversation, the user's message last.</param>
    /// <param name="options">What to do differently from the client's options; not changed.</param>
    /// <param name="cancellationToken">Checked before every token.</param>
    /// <returns>Pieces of the answer, whole characters only; the last one has finish reason and usage.</returns>
    /// <exception cref="EmptyConversationException">There is no message of the user, or the last one is empty.</exception>
    /// <exception cref="ModelMismatchException">The options ask for another model.</exception>
    /// <exception cref="ArgumentException">The conversation does not end with the user, or holds the model's own picture token.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    /// <exception cref="NotSupportedException">A content, role or option is not understood.</exception>
    /// <exception cref="ImageLimitException">There are too many pictures, or one is larger than the options allow.</exception>
    /// <exception cref="ImageProportionsException">A picture is longer than wide, or the reverse, by more than the options allow.</exception>
    /// <exception cref="ConversationTooLongException">The conversation leaves no room for an answer.</exception>
    /// <exception cref="RequestQueueFullException">Too many requests are waiting.</exception>
    /// <exception cref="Models.Images.ImageFormatException">A picture cannot be read.</exception>
    /// <exception cref="ObjectDisposedException">The client is disposed, or was before the answer was complete.</exception>
    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return Stream(messages, options, cancellationToken);
    }

    /// <summary>Gives the client itself, its <see cref="ChatClientMetadata"/>, or its <see cref="VisionLanguageModel"/> once that is loaded.</summary>
    /// <param name="serviceType">The type asked for.</param>
    /// <param name="serviceKey">Only null is known.</param>
    /// <returns>The service, or null. A model belongs to the client: take a reference of your own to keep it.</returns>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(ChatClientMetadata) ? _metadata
            : serviceType == typeof(VisionLanguageModel) ? _worker.Model
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    /// <summary>
    /// Ends requests that are under way with <see cref="ObjectDisposedException"/>, waits for the token that is being computed, and lets go
    /// of the model.
    /// </summary>
    /// <remarks>A client that nobody disposes ends its requests when the process exits.</remarks>
    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= StopBeforeExit;
        Reloading?.Dispose();
        _grounding.Stop(Timeout.InfiniteTimeSpan);
        _worker.Dispose();
        _owned?.Dispose();
    }

    /// <summary>
    /// Loads the model if need be and answers two small questions, the second about a grey picture where pictures are taken, so that the first request finds
    /// everything ready.
    /// </summary>
    /// <param name="cancellationToken">Ends the waiting; a load goes on.</param>
    public async Task WarmUpAsync(CancellationToken cancellationToken = default)
    {
        long begin = _time.GetTimestamp();
        await AskOneTokenAsync(Prompt.Ask("What is it?"), cancellationToken).ConfigureAwait(false);

        // Whether a model takes pictures is known once it is there.
        RlhfVChatClientOptions settings = _options;
        if (settings.MaxImages > 0 && _worker.Model!.Network.ImageTokenId >= 0)
        {
            int side = (int)Math.Min(32, Math.Sqrt(settings.MaxImagePixels));
            var grey = new byte[3 * side * side];
            Array.Fill(grey, (byte)128);
            Prompt picture = Prompt.Ask("What is it?", ImageSource.FromRgb(new RgbImage(side, side, grey)));
            await AskOneTokenAsync(picture, cancellationToken).ConfigureAwait(false);
        }

        ClientLog.WarmedUp(_logger, ModelId, _time.GetElapsedTime(begin).TotalSeconds);
    }

    /// <summary>Takes options over for the requests that come from now on.</summary>
    /// <param name="options">Valid options; copied.</param>
    internal void Reload(RlhfVChatClientOptions options)
    {
        RlhfVChatClientOptions old = _options;
        var kept = new List<string>();
        Keep(nameof(options.ModelPath), old.ModelPath == options.ModelPath);
        Keep(nameof(options.VisionTowerFolder), old.VisionTowerFolder == options.VisionTowerFolder);
        Keep(nameof(options.AdapterPath), old.AdapterPath == options.AdapterPath);
        Keep(nameof(options.ModelId), old.ModelId == options.ModelId);
        Keep(nameof(options.Device), old.Device == options.Device);
        Keep(nameof(options.Precision), old.Precision == options.Precision);
        _options = options.Copy();
        ClientLog.Reloaded(_logger, ModelId);
        if (kept.Count > 0)
            ClientLog.NeedsRestart(_logger, string.Join(", ", kept), ModelId);

        void Keep(string name, bool equal)
        {
            if (!equal)
                kept.Add(name);
        }
    }

    /// <summary>Says that changed options cannot be used and that the old ones hold.</summary>
    /// <param name="problem">Why.</param>
    internal void RefuseReload(Exception problem) => ClientLog.ReloadRefused(_logger, ModelId, problem.Message);

    private void StopBeforeExit(object? sender, EventArgs arguments)
    {
        _grounding.Stop(ExitPatience);
        _worker.Stop(ExitPatience);
    }

    private static string NameOf(VisionLanguageModel model, RlhfVChatClientOptions? options)
    {
        ArgumentNullException.ThrowIfNull(model);
        return options?.ModelId ?? model.Name;
    }

    private async Task AskOneTokenAsync(Prompt prompt, CancellationToken cancellationToken)
    {
        var trace = new RequestTrace(ModelId, _time);
        await foreach (GenerationUpdate _ in Answer(prompt, new GenerationOptions { MaxNewTokens = 1 }, trace, cancellationToken).ConfigureAwait(false))
            continue;
    }

    private async IAsyncEnumerable<ChatResponseUpdate> Stream(
        IEnumerable<ChatMessage> messages, ChatOptions? options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        RlhfVChatClientOptions settings = _options;
        GenerationOptions generation = GenerationOptionsMapper.Map(options, this, settings, ModelId);
        bool logProbabilities = GenerationOptionsMapper.WantsLogProbabilities(options);
        Prompt prompt = PromptMapper.Map(messages, options?.Instructions, settings);
        bool grounding = GroundingPass.IsWanted(options, prompt);
        var trace = new RequestTrace(ModelId, _time);
        var response = new ResponseStamp(ModelId, trace.CreatedAt, logProbabilities);
        await foreach (GenerationUpdate update in Answer(prompt, generation, trace, cancellationToken).ConfigureAwait(false))
        {
            if (update.Result is not { } result)
            {
                yield return response.Piece(update.Text);
                continue;
            }

            VisionLanguageModel model = _worker.Model!;
            ChatResponseUpdate last = response.Last(update.Text, result, model.Processor.Tokenizer);
            if (grounding)
                await _grounding.AddAsync(last, model, prompt, result.Text, cancellationToken).ConfigureAwait(false);
            yield return last;
        }
    }

    private async IAsyncEnumerable<GenerationUpdate> Answer(
        Prompt prompt, GenerationOptions options, RequestTrace trace, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new AnswerRequest(prompt, options, trace, cancellationToken);
        try
        {
            _worker.Submit(request);
        }
        catch (Exception refusal)
        {
            request.Complete(refusal);
            throw;
        }

        try
        {
            await foreach (GenerationUpdate update in request.ReadAsync().ConfigureAwait(false))
                yield return update;
        }
        finally
        {
            _worker.Abandon(request);
        }
    }
}
