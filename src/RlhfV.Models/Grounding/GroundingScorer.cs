using RlhfV.Models.Generation;
using RlhfV.Models.Images;
using RlhfV.Models.Modules;
using static TorchSharp.torch;

namespace RlhfV.Models.Grounding;

/// <summary>
/// Tells how far a picture supports an answer: the log-ratio of every word's probability with the picture and with the picture blanked. Words
/// that the picture shows have high ratios; words that a model says whatever it is shown have ratios around zero; words against which the
/// picture speaks have negative ones.
/// </summary>
/// <remarks>
/// <para>log p(word | picture, prompt, words before) - log p(word | blank, prompt, words before), both from one forward pass of two rows over the
/// finished answer. The answer may come from anyone: the model itself, another model, a person. Nothing is random.</para>
/// <para>It measures what the model made of the picture, not the truth: a model that sees badly gives its mistakes high ratios.</para>
/// <para>Safe for concurrent use, as the model is.</para>
/// </remarks>
public sealed class GroundingScorer
{
    // Logits of all tokens of a long answer at once would take more memory than the rest: 0.6 MB each with 150,000 words in fp32.
    private const int HeadTokens = 64;

    private readonly VisionLanguageModel _model;
    private readonly ImageBlanking _blanking;

    /// <summary>Makes a scorer.</summary>
    /// <param name="model">The model that judges; not disposed.</param>
    /// <param name="blanking">What stands in for the picture.</param>
    /// <exception cref="ArgumentOutOfRangeException">The blanking is none of the named ones.</exception>
    public GroundingScorer(VisionLanguageModel model, ImageBlanking blanking = ImageBlanking.ZeroFeatures)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (!Enum.IsDefined(blanking))
        {
            throw new ArgumentOutOfRangeException(nameof(blanking), blanking, "The blanking is none of the named ones.");
        }

        (_model, _blanking) = (model, blanking);
    }

    /// <summary>Scores an answer.</summary>
    /// <param name="prompt">What was asked, with at least one picture; all its pictures are blanked together.</param>
    /// <param name="answer">The answer, not empty.</param>
    /// <param name="cancellationToken">Checked before the network runs.</param>
    /// <exception cref="ArgumentException">The prompt has no picture, the answer is empty, or both together are longer than the model has positions.</exception>
    /// <exception cref="InvalidOperationException">The network computes no numbers: its weights hold none, or its type overflows.</exception>
    /// <exception cref="ObjectDisposedException">The model is disposed. One that is disposed while it scores lets that end.</exception>
    /// <exception cref="ImageFormatException">A picture cannot be read.</exception>
    public AnswerGrounding Score(Prompt prompt, string answer, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        if (!prompt.Images.Any())
        {
            throw new ArgumentException("The prompt has no picture; expected at least one to be blanked.", nameof(prompt));
        }

        using VisionLanguageModel held = _model.AddReference();
        EncodedAnswer encoded = held.Processor.EncodeAnswer(prompt, answer);
        int tokens = encoded.PromptIds.Count + encoded.AnswerIds.Count, most = held.Network.DecoderConfig.MaxPositions;
        if (tokens > most)
        {
            throw new ArgumentException(
                $"Prompt and answer have {tokens} tokens ({encoded.PromptIds.Count} and {encoded.AnswerIds.Count}); the model has room for {most}. "
                + "Score a shorter answer, or fewer or smaller pictures.", nameof(answer));
        }

        cancellationToken.ThrowIfCancellationRequested();
        (float[] with, float[] blank) = LogProbabilities(held, encoded);
        return new AnswerGrounding(
            answer,
            [.. encoded.AnswerIds.Select((id, i) => new GroundedToken(id, encoded.AnswerSpans[i], with[i], blank[i]))]);
    }

    /// <summary>Log-probabilities of the answer's tokens with the pictures and without.</summary>
    private (float[] With, float[] Blank) LogProbabilities(VisionLanguageModel model, EncodedAnswer encoded)
    {
        using var scope = NewDisposeScope();
        using IDisposable mode = inference_mode();
        VisionLanguageNetwork network = model.Network;
        Device device = model.Device;
        (int prompt, int answer) = (encoded.PromptIds.Count, encoded.AnswerIds.Count);
        long[] row = [.. encoded.PromptIds.Concat(encoded.AnswerIds).Select(id => (long)id)];
        Tensor ids = tensor([.. row, .. row], [2, row.Length], device: device);
        Tensor embedded = network.Embed(ids, Features(network, encoded.Images));                        // [2, tokens, hidden]
        Tensor hidden = network.Decode(embedded, Positions(encoded.Positions, row.Length, device));     // [2, tokens, hidden]
        var with = new float[answer];
        var blank = new float[answer];
        for (int from = 0; from < answer; from += HeadTokens)
        {
            using var slice = NewDisposeScope();
            int count = Math.Min(HeadTokens, answer - from);
            Tensor logits = network.Head(hidden.narrow(1, prompt - 1 + from, count)).to(ScalarType.Float32);     // [2, count, vocabulary]
            Tensor wanted = ids.narrow(1, prompt + from, count).unsqueeze(-1);                                   // [2, count, 1]
            Tensor chosen = (logits.gather(-1, wanted).squeeze(-1) - logits.logsumexp(-1)).flatten().cpu();      // [2 * count]
            float[] both = chosen.data<float>().ToArray();
            TokenScores.RequireNumbers(both, embedded.dtype);
            both.AsSpan(0, count).CopyTo(with.AsSpan(from));
            both.AsSpan(count).CopyTo(blank.AsSpan(from));
        }

        return (with, blank);
    }

    /// <summary>Projected features of the pictures, then those of their blanks, in the order in which the two rows take them.</summary>
    private Tensor Features(VisionLanguageNetwork network, IReadOnlyList<ProcessedImage> images)
    {
        IReadOnlyList<ProcessedImage> shown = _blanking == ImageBlanking.MeanColor ? [.. images, .. images.Select(BlankImage.Of)] : images;
        IReadOnlyList<Tensor> features = network.ProjectImages(network.EncodeImages(shown));
        return _blanking == ImageBlanking.MeanColor ? cat([.. features]) : cat([.. features, .. features.Select(feature => zeros_like(feature))]);
    }

    private static Tensor Positions(TokenPositions? own, int tokens, Device device)
    {
        if (own is null)
        {
            long[] counted = [.. Enumerable.Range(0, tokens).Select(i => (long)i)];
            return tensor([.. counted, .. counted], [2, tokens], device: device);
        }

        var values = new List<long>(2 * tokens * own.Axes);
        for (int i = 0; i < 2 * tokens; i++)
        {
            values.AddRange(own[i % tokens]);
        }

        return tensor([.. values], own.Axes == 1 ? [2, tokens] : [2, tokens, own.Axes], device: device);
    }
}
