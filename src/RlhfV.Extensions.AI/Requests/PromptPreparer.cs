using RlhfV.Extensions.AI.Worker;
using RlhfV.Models;
using RlhfV.Models.Images;

namespace RlhfV.Extensions.AI.Requests;

/// <summary>Decodes pictures and tokenizes text on the thread pool while the worker computes, a few prompts at a time.</summary>
/// <param name="source">The model, whose processor is used.</param>
internal sealed class PromptPreparer(ModelSource source)
{
    // A picture of 64 million pixels takes 450 MB while it is decoded: not all cores at once.
    private readonly SemaphoreSlim _places = new(Math.Max(1, Environment.ProcessorCount / 2));

    /// <summary>Prepares a request's prompt, loading the model if need be.</summary>
    /// <param name="request">The request.</param>
    /// <param name="settings">Limits for pictures.</param>
    public async Task<PreparedPrompt> PrepareAsync(AnswerRequest request, RlhfVChatClientOptions settings)
    {
        VisionLanguageModel model = await source.GetAsync().WaitAsync(request.CancellationToken).ConfigureAwait(false);
        await _places.WaitAsync(request.CancellationToken).ConfigureAwait(false);
        try
        {
            return await Task.Run(() => Prepare(request, model, settings), request.CancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _places.Release();
        }
    }

    private static PreparedPrompt Prepare(AnswerRequest request, VisionLanguageModel model, RlhfVChatClientOptions settings)
    {
        var hashes = new List<string>();
        foreach (ImageSource image in request.Prompt.Images)
        {
            request.CancellationToken.ThrowIfCancellationRequested();
            RequireSize(image.Name, image.ReadSize(), settings);
            hashes.Add(image.ContentHash());
        }

        EncodedPrompt encoded = model.Processor.EncodePrompt(request.Prompt);
        int most = model.Network.DecoderConfig.MaxPositions;
        if (encoded.Ids.Count >= most)
        {
            throw new ConversationTooLongException(
                $"The conversation has {encoded.Ids.Count} tokens (image tokens included); the model has room for {most - 1} and an answer. "
                + "Leave earlier turns or pictures out.", "messages");
        }

        return new PreparedPrompt(encoded, hashes);
    }

    private static void RequireSize(string name, ImageSize size, RlhfVChatClientOptions settings)
    {
        if ((long)size.Width * size.Height > settings.MaxImagePixels)
        {
            throw new ImageLimitException(
                $"'{name}' has {size.Width}x{size.Height} pixels; {nameof(settings.MaxImagePixels)} allows {settings.MaxImagePixels}. "
                + "Send a smaller picture or raise the limit.", "messages");
        }

        int shorter = Math.Min(size.Width, size.Height), longer = Math.Max(size.Width, size.Height);
        if (longer > (long)settings.MaxAspectRatio * shorter)
        {
            throw new ImageProportionsException(
                $"'{name}' has {size.Width}x{size.Height} pixels, one edge more than {settings.MaxAspectRatio} times the other, which is what "
                + $"{nameof(settings.MaxAspectRatio)} allows. Cut the picture, or raise the limit.", "messages");
        }
    }
}
