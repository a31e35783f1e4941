using static TorchSharp.torch;

namespace RlhfV.Models.Generation;

/// <summary>
/// Beam search and, with a temperature, beam sampling, with the scores and the ending rule of transformers' <c>generate</c>: penalties and
/// filters act on log-probabilities, (ends + 1) times as many continuations as beams are looked at so that enough go on when the best end,
/// and only those among the first as many as beams may finish.
/// </summary>
/// <param name="network">The network.</param>
/// <param name="processor">Text and pictures.</param>
/// <param name="endIds">Ids that end an answer.</param>
/// <param name="prompt">The prompt.</param>
/// <param name="options">Decoding options, validated.</param>
internal sealed class BeamSearch(
    VisionLanguageNetwork network, VisionLanguageProcessor processor, IReadOnlySet<int> endIds, EncodedPrompt prompt, GenerationOptions options)
{
    private readonly int _limit = PromptRoom.For(network, prompt, options);
    private readonly int _keep = Math.Max(2, 1 + endIds.Count) * options.Beams;
    private readonly Random _random = new(PromptSeed.Of(options.Seed ?? Random.Shared.Next(), prompt));
    private readonly HashSet<int> _promptIds = [.. prompt.Ids];
    private readonly List<Beam> _finished = [];

    /// <summary>Searches.</summary>
    /// <param name="cancellationToken">Checked before every token.</param>
    public GenerationResult Run(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using IDisposable mode = inference_mode();
        using var scope = NewDisposeScope();
        using var session = new DecodingSession(network);
        Beam[] running = [new Beam([], [], 0, 0)];
        float[] rows = Read(session.Join([prompt], Pictures()), session.Type);
        while (true)
        {
            Beam[] best = Continuations(running, rows);
            bool[] ends = [.. best.Select(Ends)];
            for (int i = 0; i < Math.Min(best.Length, options.Beams); i++)
            {
                if (ends[i])
                    _finished.Add(best[i] with { Score = best[i].Score / Math.Pow(best[i].Tokens.Count, options.LengthPenalty) });
            }

            _finished.Sort((a, b) => b.Score.CompareTo(a.Score));
            _finished.RemoveRange(Math.Min(options.Beams, _finished.Count), Math.Max(0, _finished.Count - options.Beams));
            running = [.. best.Where((_, i) => !ends[i]).OrderByDescending(b => b.Score).Take(options.Beams)];
            if (running.Length == 0 || Done(running))
                return Result(_finished.Count > 0 ? _finished[0] : running[0]);
            cancellationToken.ThrowIfCancellationRequested();
            session.Reorder([.. running.Select(b => b.Row)]);
            rows = Read(session.Step([.. running.Select(b => b.Tokens[^1])]), session.Type);
        }
    }

    // What transformers calls the early stopping heuristic: the best unfinished answer would have to beat the worst finished one if it
    // ended here.
    private bool Done(Beam[] running) => _finished.Count == options.Beams
        && (options.EarlyStopping || running[0].Score / Math.Pow(running[0].Tokens.Count, options.LengthPenalty) <= _finished[^1].Score);

    private Beam[] Continuations(Beam[] running, float[] rows)
    {
        int vocabulary = rows.Length / running.Length;
        var candidates = new PriorityQueue<(int Beam, int Token, double Score), double>();
        for (int b = 0; b < running.Length; b++)
        {
            Span<float> own = rows.AsSpan(b * vocabulary, vocabulary);
            double normaliser = TokenScores.LogSumExp(own);
            float[] scores = new float[vocabulary];
            for (int i = 0; i < vocabulary; i++)
                scores[i] = own[i] = (float)(own[i] - normaliser);
            TokenScores.Process(scores, options.RepetitionPenalty == 1 ? [] : _promptIds.Union(running[b].Tokens), options);
            double[]? weights = options.Temperature > 0 ? TokenScores.Weights(scores, options) : null;
            for (int i = 0; i < vocabulary; i++)
            {
                if (float.IsNegativeInfinity(scores[i]) || weights is { } w && w[i] == 0)
                    continue;
                double score = running[b].Score + (weights is null ? scores[i] : scores[i] / options.Temperature);

                // The largest of score plus Gumbel noise are a draw without replacement from the softmax of the scores.
                double rank = weights is null ? score : score - Math.Log(-Math.Log(1 - _random.NextDouble()));
                if (candidates.Count < _keep)
                    candidates.Enqueue((b, i, score), rank);
                else
                    candidates.EnqueueDequeue((b, i, score), rank);
            }
        }

        var best = new Beam[candidates.Count];
        for (int i = best.Length - 1; i >= 0; i--)
        {
            (int b, int token, double score) = candidates.Dequeue();
            best[i] = new Beam([.. running[b].Tokens, token], [.. running[b].LogProbs, rows[(b * vocabulary) + token]], score, b);
        }

        return best.Length > 0
            ? best
            : throw new InvalidOperationException("Every token is suppressed, so the answer cannot go on. Leave some tokens to choose from.");
    }

    private bool Ends(Beam beam) =>
        endIds.Contains(beam.Tokens[^1])
        || beam.Tokens.Count >= _limit
        || (options.StopStrings.Count + processor.StopStrings.Count > 0 && Replay(beam).Finish is not null);

    private AnswerBuilder Replay(Beam beam)
    {
        var builder = new AnswerBuilder(
            processor, options, endIds, prompt,
            prompt.Ids.Count(id => id == network.ImageTokenId), _limit);
        for (int i = 0; i < beam.Tokens.Count && builder.Finish is null; i++)
            builder.Add(beam.Tokens[i], beam.LogProbs[i]);
        return builder;
    }

    private GenerationResult Result(Beam beam) => Replay(beam).Result() with { BeamScore = beam.Score };

    private Tensor? Pictures()
    {
        if (prompt.Images.Count == 0)
            return null;
        return cat([.. network.ProjectImages(network.EncodeImages(prompt.Images))], 0);
    }

    private static float[] Read(Tensor logits, ScalarType type)
    {
        using Tensor here = logits.cpu();
        float[] values = here.data<float>().ToArray();
        logits.Dispose();
        TokenScores.RequireNumbers(values, type);
        return values;
    }
}
