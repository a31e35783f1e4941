using RlhfV.Models.Images;
using static TorchSharp.torch;

namespace RlhfV.Models.Generation;

/// <summary>
/// Answers that are decoded together, one token each per step. Prompts join and leave between steps; every answer is the one that its
/// prompt would get alone.
/// </summary>
/// <remarks>
/// Not safe for concurrent use. Calls may come from different threads, one after the other. No tensor outlives a call but the cache of keys
/// and values and what <see cref="EncodeImages"/> returns.
/// </remarks>
public sealed class GenerationBatch : IDisposable
{
    private readonly VisionLanguageNetwork _network;
    private readonly VisionLanguageProcessor _processor;
    private readonly IReadOnlySet<int> _endIds;
    private readonly List<Answer> _answers = [];
    private DecodingSession? _session;

    /// <summary>Makes an empty batch.</summary>
    /// <param name="model">The model; it must stay alive as long as the batch.</param>
    public GenerationBatch(VisionLanguageModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        (_network, _processor, _endIds) = (model.Network, model.Processor, model.EndIds);
    }

    internal GenerationBatch(VisionLanguageNetwork network, VisionLanguageProcessor processor, IReadOnlySet<int> endIds) =>
        (_network, _processor, _endIds) = (network, processor, endIds);

    /// <summary>Number of answers under way.</summary>
    public int Count => _answers.Count;

    /// <summary>Bytes of the cache of keys and values.</summary>
    public long CacheBytes => _session?.CacheBytes ?? 0;

    /// <summary>Runs vision tower and connector over pictures.</summary>
    /// <param name="images">Preprocessed pictures.</param>
    /// <returns>Features of one picture each, <c>[image tokens, hidden]</c>; the caller disposes them.</returns>
    public IReadOnlyList<Tensor> EncodeImages(IReadOnlyList<ProcessedImage> images)
    {
        ArgumentNullException.ThrowIfNull(images);
        using IDisposable mode = inference_mode();
        using var scope = NewDisposeScope();
        return [.. Encode(images).Select(one => one.clone().DetachFromDisposeScope())];
    }

    /// <summary>Lets prompts join: reads them and chooses the first token of each answer.</summary>
    /// <param name="prompts">The prompts.</param>
    /// <returns>The first pieces of the answers, those that are text or the end.</returns>
    /// <exception cref="ArgumentException">
    /// A prompt leaves no room for an answer, its pictures do not fit its tokens or each other, or its id is taken. None has joined then, and the other answers
    /// go on.
    /// </exception>
    /// <exception cref="InvalidOperationException">The network computes no numbers from a prompt. None has joined then, either.</exception>
    public IReadOnlyList<BatchUpdate> Add(IReadOnlyList<BatchPrompt> prompts)
    {
        ArgumentNullException.ThrowIfNull(prompts);
        if (prompts.Count == 0)
            return [];
        Answer[] joining = [.. prompts.Select(Open)];
        if (joining.Concat(_answers).DistinctBy(a => a.Id).Count() < joining.Length + _answers.Count)
            throw new ArgumentException("Two answers have the same id; expected ids that no answer under way has.", nameof(prompts));
        float[] rows;
        try
        {
            rows = Prefill(prompts);
        }
        catch when (_answers.Count == 0)
        {
            Clear();
            throw;
        }

        _answers.AddRange(joining);
        return Choose(rows, _answers.Count - joining.Length);
    }

    /// <summary>Computes the next token of every answer; does nothing when there is none.</summary>
    /// <returns>New pieces of the answers, those that are text or the end. Answers that ended have left.</returns>
    /// <remarks>When it fails the batch is empty afterwards and may be used again.</remarks>
    public IReadOnlyList<BatchUpdate> Step()
    {
        if (_answers.Count == 0)
            return [];
        try
        {
            return Choose(NextRows(), 0);
        }
        catch
        {
            Clear();
            throw;
        }
    }

    /// <summary>Takes an answer out before its end.</summary>
    /// <param name="id">Its id.</param>
    /// <returns>Whether it was there.</returns>
    public bool Remove(long id)
    {
        int row = _answers.FindIndex(a => a.Id == id);
        if (row >= 0)
            RemoveAt(row);
        return row >= 0;
    }

    /// <summary>Takes all answers out and frees the cache.</summary>
    public void Clear()
    {
        _answers.Clear();
        _session?.Dispose();
        _session = null;
    }

    /// <inheritdoc/>
    public void Dispose() => Clear();

    private Answer Open(BatchPrompt prompt)
    {
        if (prompt.Options.Beams > 1)
        {
            throw new ArgumentException(
                $"{nameof(GenerationOptions)}.{nameof(GenerationOptions.Beams)} is {prompt.Options.Beams}; answers that are decoded together have 1. "
                + $"Use {nameof(VisionLanguageModel)}.{nameof(VisionLanguageModel.Generate)} for beam search.", nameof(prompt));
        }

        int limit = PromptRoom.For(_network, prompt.Prompt, prompt.Options);
        int seed = prompt.Options.Seed ?? Random.Shared.Next();
        var sampler = new TokenSampler(prompt.Options, PromptSeed.Of(seed, prompt.Prompt));
        sampler.Note(prompt.Prompt.Ids);
        var builder = new AnswerBuilder(
            _processor, prompt.Options, _endIds, prompt.Prompt,
            prompt.Prompt.Ids.Count(id => id == _network.ImageTokenId), limit);
        return new Answer(prompt.Id, sampler, builder);
    }

    // Tensors live only inside these two calls: dispose scopes belong to threads, and the calls around may come from others.
    private float[] Prefill(IReadOnlyList<BatchPrompt> prompts)
    {
        using IDisposable mode = inference_mode();
        using var scope = NewDisposeScope();
        _session ??= new DecodingSession(_network);
        float[] rows = _session.Join([.. prompts.Select(p => p.Prompt)], Features(prompts)).cpu().data<float>().ToArray();
        try
        {
            TokenScores.RequireNumbers(rows, _session.Type);
        }
        catch
        {
            for (int i = 0; i < prompts.Count; i++)
                _session.RemoveAt(_session.Rows - 1);
            throw;
        }

        return rows;
    }

    private float[] NextRows()
    {
        using IDisposable mode = inference_mode();
        using var scope = NewDisposeScope();
        float[] rows = _session!.Step([.. _answers.Select(a => a.LastToken)]).cpu().data<float>().ToArray();
        TokenScores.RequireNumbers(rows, _session.Type);
        return rows;
    }

    private Tensor? Features(IReadOnlyList<BatchPrompt> prompts)
    {
        var features = new List<Tensor>();
        ProcessedImage[] raw = [.. prompts.Where(p => p.ImageFeatures is null).SelectMany(p => p.Prompt.Images)];
        IReadOnlyList<Tensor> encoded = Encode(raw);
        int next = 0;
        foreach (BatchPrompt prompt in prompts)
        {
            Tensor[] own = prompt.ImageFeatures is { } given ? [.. given] : [.. prompt.Prompt.Images.Select(_ => encoded[next++])];

            // Features fill image tokens in order over the whole batch: one too many here would show its picture to the next prompt.
            long found = own.Sum(f => f.shape[0]);
            long expected = prompt.Prompt.Ids.Count(id => id == _network.ImageTokenId);
            if (found != expected)
            {
                throw new ArgumentException(
                    $"Prompt {prompt.Id} has {expected} image tokens, but its pictures give {found} features. "
                    + "Encode prompt and pictures with the same processor.", nameof(prompts));
            }

            features.AddRange(own);
        }

        return features.Count > 0 ? cat(features, 0) : null;
    }

    private IReadOnlyList<Tensor> Encode(IReadOnlyList<ProcessedImage> images) => _network.ProjectImages(_network.EncodeImages(images));

    private List<BatchUpdate> Choose(float[] rows, int first)
    {
        int vocabulary = rows.Length / (_answers.Count - first);
        var updates = new List<BatchUpdate>();
        for (int row = first; row < _answers.Count; row++)
        {
            Answer answer = _answers[row];
            string text = answer.Choose(rows.AsSpan((row - first) * vocabulary, vocabulary));
            GenerationResult? result = answer.Builder.Finish is null ? null : answer.Builder.Result();
            if (text.Length > 0 || result is not null)
                updates.Add(new BatchUpdate(answer.Id, new GenerationUpdate { Text = text, Result = result }));
        }

        for (int row = _answers.Count - 1; row >= 0; row--)
        {
            if (_answers[row].Builder.Finish is not null)
                RemoveAt(row);
        }

        return updates;
    }

    // The last one takes the place, here as in the session.
    private void RemoveAt(int row)
    {
        using IDisposable mode = inference_mode();
        _answers[row] = _answers[^1];
        _answers.RemoveAt(_answers.Count - 1);
        if (_answers.Count == 0)
            Clear();
        else
            _session!.RemoveAt(row);
    }

    private sealed class Answer(long id, TokenSampler sampler, AnswerBuilder builder)
    {
        public long Id => id;

        public AnswerBuilder Builder => builder;

        public int LastToken { get; private set; }

        /// <summary>Chooses the next token from its logits, which the call may change, and returns the text that became certain.</summary>
        public string Choose(Span<float> logits)
        {
            // The sampler changes logits for a repetition penalty, so the model's own distribution is read first.
            double normaliser = TokenScores.LogSumExp(logits);
            float[]? own = sampler.ChangesLogits ? logits.ToArray() : null;
            LastToken = sampler.Choose(logits);
            float logit = own is null ? logits[LastToken] : own[LastToken];
            return builder.Add(LastToken, (float)(logit - normaliser));
        }
    }
}
