using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.AI;

namespace RlhfV.Evaluation;

/// <summary>
/// A language model that judges or reads answers. Replies that do not have the form a benchmark asks for are never guessed at: the question
/// is asked again, and in the end reported as unjudged. Every reply can be stored (<see cref="JudgeOptions.StorePath"/>).
/// </summary>
public sealed class Judge
{
    /// <summary>
    /// So many questions failing one after the other mean that the service is down or the key is wrong, not that items are odd.
    /// </summary>
    private const int FailuresInARow = 8;

    private readonly IChatClient? _client;
    private readonly JudgeOptions _options;
    private readonly string? _model;

    /// <summary>Makes a judge of a chat client.</summary>
    /// <param name="client">The model to ask. It is not disposed.</param>
    /// <param name="options">How to ask; null for the defaults.</param>
    public Judge(IChatClient client, JudgeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        _client = client;
        _options = options ?? new();
        _model = _options.Model ?? (client.GetService(typeof(ChatClientMetadata)) as ChatClientMetadata)?.DefaultModelId ?? "";
    }

    private Judge(string storePath, string? model)
    {
        _options = new() { StorePath = storePath };
        _model = model;
    }

    /// <summary>
    /// Makes a judge that only repeats what it said before: scores are computed from the store, for as many repeats as it holds, and items it
    /// lacks stay unjudged.
    /// </summary>
    /// <param name="storePath">The store of an earlier run; it is only read.</param>
    /// <param name="model">
    /// The model that was asked for in that run, empty when its client chose; null for the only one whose replies to the benchmark the store holds.
    /// Where it holds those of several, scoring throws an <see cref="InvalidOperationException"/> that names them.
    /// </param>
    /// <exception cref="FileNotFoundException">There is no such store.</exception>
    public static Judge FromStore(string storePath, string? model = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(storePath);
        return File.Exists(storePath)
            ? new(storePath, model)
            : throw new FileNotFoundException($"There is no store of judge replies '{storePath}'.", storePath);
    }

    internal async Task<JudgeRun> AskAsync(
        JudgeTask task, IReadOnlyList<JudgeQuestion> questions, IProgress<JudgeProgress>? progress, CancellationToken cancellationToken)
    {
        using var store = new JudgeStore(_options.StorePath, readOnly: _client is null);
        string model = _model ?? store.OnlyModel(task.Benchmark);
        var session = new JudgeSession(_client, _options, model, task, store);
        int repeats = _client is null ? store.Repeats(task.Benchmark, model) : _options.Repeats;
        Judgement[][] judgements = [.. Enumerable.Range(0, repeats).Select(_ => new Judgement[questions.Count])];
        int done = 0, failedInARow = 0;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = _options.Parallelism, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(Enumerable.Range(0, repeats * questions.Count), parallel, async (index, token) =>
        {
            (int repeat, int question) = Math.DivRem(index, questions.Count);
            Judgement judgement = await session.AskAsync(questions[question], repeat, token).ConfigureAwait(false);
            judgements[repeat][question] = judgement;
            if (judgement.Problem?.Code != DiagnosticCode.JudgeFailed)
            {
                Interlocked.Exchange(ref failedInARow, 0);
            }
            else if (Interlocked.Increment(ref failedInARow) is var failed && failed >= FailuresInARow && _client is not null)
            {
                string kept = _options.StorePath is null
                    ? "Set StorePath to keep replies." : $"Replies so far are in '{_options.StorePath}'; run again to go on.";
                throw new InvalidOperationException(
                    $"The judge failed on {failed} questions in a row; the last time: {judgement.Problem!.Message} {kept}");
            }

            progress?.Report(new(Interlocked.Increment(ref done), repeats * questions.Count, session.Calls));
        }).ConfigureAwait(false);

        return new(judgements, session.Summarize());
    }

    internal static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
