using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.AI;
using RlhfV.Extensions.AI;

namespace CaptionService;

/// <summary>A picture and a question in, an answer out: as one JSON object or as server-sent events while it grows.</summary>
internal static class CaptionEndpoints
{
    private const string DefaultQuestion = "Describe this image in detail.";

    /// <summary>Maps <c>POST /captions</c> and <c>POST /captions/stream</c>; both take a form with the fields image and question.</summary>
    public static void MapCaptions(this IEndpointRouteBuilder app)
    {
        // No cookie says who asks, so no other site can ask in somebody's name.
        RouteGroupBuilder captions = app.MapGroup("/captions").RequireRateLimiting(RateLimits.Policy).DisableAntiforgery();
        captions.MapPost("/", Answer);
        captions.MapPost("/stream", Stream);
    }

    private static async Task<Caption> Answer(IFormFile? image, [FromForm] string? question, IChatClient client, CancellationToken cancellation) =>
        Caption.Of(await client.GetResponseAsync(await Message(image, question, cancellation), Options(), cancellation));

    private static async Task<IResult> Stream(IFormFile? image, [FromForm] string? question, IChatClient client, CancellationToken cancellation)
    {
        ChatMessage message = await Message(image, question, cancellation);
        IAsyncEnumerator<ChatResponseUpdate> updates =
            client.GetStreamingResponseAsync([message], Options(), cancellation).GetAsyncEnumerator(cancellation);
        try
        {
            // What is wrong with a request shows before its first token, while the status can still say so.
            await updates.MoveNextAsync();
            return TypedResults.ServerSentEvents(Events(updates));
        }
        catch
        {
            await updates.DisposeAsync();
            throw;
        }
    }

    private static async IAsyncEnumerable<SseItem<object>> Events(
        IAsyncEnumerator<ChatResponseUpdate> updates, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await using IAsyncDisposable stopsTheAnswer = updates;
        List<ChatResponseUpdate> all = [];
        do
        {
            cancellation.ThrowIfCancellationRequested();
            all.Add(updates.Current);
            if (updates.Current.Text.Length > 0)
                yield return new SseItem<object>(new { updates.Current.Text }, "text");
        }
        while (await updates.MoveNextAsync());

        yield return new SseItem<object>(Caption.Of(all.ToChatResponse()), "caption");
    }

    private static ChatOptions Options() => new ChatOptions().WithLogProbabilities();

    private static async Task<ChatMessage> Message(IFormFile? image, string? question, CancellationToken cancellation)
    {
        if (image is null)
            throw new BadHttpRequestException("The form has no picture; expected a file in its field 'image'.");
        using var bytes = new MemoryStream(checked((int)image.Length));
        await image.CopyToAsync(bytes, cancellation);
        return new ChatMessage(ChatRole.User,
        [
            new DataContent(bytes.ToArray(), image.ContentType is ['i', 'm', 'a', 'g', 'e', '/', ..] type ? type : "image/*") { Name = Path.GetFileName(image.FileName) },
            new TextContent(string.IsNullOrWhiteSpace(question) ? DefaultQuestion : question),
        ]);
    }
}
