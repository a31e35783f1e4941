using static TorchSharp.torch;

namespace RlhfV.Models.Generation;

/// <summary>Decodes answers for a batch of prompts: prefill once, then one token per sequence and step; finished sequences leave the batch.</summary>
/// <param name="network">The network.</param>
/// <param name="processor">Text and pictures.</param>
/// <param name="endIds">Ids that end an answer.</param>
internal sealed class AnswerGenerator(VisionLanguageNetwork network, VisionLanguageProcessor processor, IReadOnlySet<int> endIds)
{
    /// <summary>Decodes; yields each piece of text with the number of its prompt, and the whole result with the last piece.</summary>
    /// <param name="prompts">Encoded prompts, at least one.</param>
    /// <param name="options">Decoding options, already validated.</param>
    /// <param name="cancellationToken">Checked before every token.</param>
    public IEnumerable<(int Prompt, GenerationUpdate Update)> Run(
        IReadOnlyList<EncodedPrompt> prompts, GenerationOptions options, CancellationToken cancellationToken)
    {
        int room = Room(prompts, options);
        AnswerBuilder[] answers =
            [.. prompts.Select(p => new AnswerBuilder(processor.Tokenizer.CreateStreamDecoder(), options, endIds, p, ImageTokens(p), room))];
        int seed = options.Seed ?? Random.Shared.Next();
        TokenSampler[] samplers = [.. prompts.Select(p => new TokenSampler(options, PromptSeed.Of(seed, p)))];
        for (int i = 0; i < prompts.Count; i++)
        {
            samplers[i].Note(prompts[i].Ids);
        }

        cancellationToken.ThrowIfCancellationRequested();
        int[] live = [.. Enumerable.Range(0, prompts.Count)];
        DecodingSession? session = null;
        try
        {
            float[] rows = Prefill(prompts, room, out session);
            while (true)
            {
                int vocabulary = rows.Length / live.Length;
                var tokens = new int[live.Length];
                for (int row = 0; row < live.Length; row++)
                {
                    int who = live[row];
                    (tokens[row], float logProb) = Choose(samplers[who], rows.AsSpan(row * vocabulary, vocabulary));
                    string text = answers[who].Add(tokens[row], logProb);
                    GenerationResult? result = answers[who].Finish is null ? null : answers[who].Result();
                    if (text.Length > 0 || result is not null)
                    {
                        yield return (who, new GenerationUpdate { Text = text, Result = result });
                    }
                }

                int[] open = [.. Enumerable.Range(0, live.Length).Where(row => answers[live[row]].Finish is null)];
                if (open.Length == 0)
                {
                    yield break;
                }

                if (open.Length < live.Length)
                {
                    session.Keep(open);
                    tokens = [.. open.Select(row => tokens[row])];
                    live = [.. open.Select(row => live[row])];
                }

                cancellationToken.ThrowIfCancellationRequested();
                rows = Step(session, tokens);
            }
        }
        finally
        {
            session?.Dispose();
        }
    }

    private static (int Id, float LogProb) Choose(TokenSampler sampler, Span<float> logits)
    {
        // The sampler may change the row, so the normaliser of the model's own distribution comes first.
        float largest = float.NegativeInfinity;
        foreach (float value in logits)
        {
            largest = Math.Max(largest, value);
        }

        double sum = 0;
        foreach (float value in logits)
        {
            sum += Math.Exp(value - largest);
        }

        double normaliser = largest + Math.Log(sum);
        float[] raw = logits.ToArray();
        int id = sampler.Choose(logits);
        return (id, (float)(raw[id] - normaliser));
    }

    // Tensors live only inside these two calls: the iterator above may be resumed on another thread, dispose scopes may not.
    private float[] Prefill(IReadOnlyList<EncodedPrompt> prompts, int room, out DecodingSession session)
    {
        using IDisposable mode = inference_mode();
        using var scope = NewDisposeScope();
        session = DecodingSession.Start(network, prompts, room, out Tensor logits);
        return logits.cpu().data<float>().ToArray();
    }

    private static float[] Step(DecodingSession session, IReadOnlyList<int> tokens)
    {
        using IDisposable mode = inference_mode();
        using var scope = NewDisposeScope();
        return session.Step(tokens).cpu().data<float>().ToArray();
    }

    private int ImageTokens(EncodedPrompt prompt) => prompt.Ids.Count(id => id == network.ImageTokenId);

    private int Room(IReadOnlyList<EncodedPrompt> prompts, GenerationOptions options)
    {
        int longest = prompts.Max(p => p.Ids.Count);
        int most = network.DecoderConfig.MaxPositions;
        if (longest >= most)
        {
            throw new ArgumentException(
                $"The prompt has {longest} tokens (image tokens included); the model has room for {most - 1} and an answer. "
                + "Use fewer or smaller pictures, or a shorter text.", nameof(prompts));
        }

        return Math.Min(options.MaxNewTokens, most - longest);
    }
}
