using System.Collections.Concurrent;
using Microsoft.Extensions.AI;

namespace RlhfV.Evaluation;

/// <summary>One run of a judge: asks, retries, stores, and keeps the account.</summary>
internal sealed class JudgeSession(IChatClient? client, JudgeOptions options, string model, JudgeTask task, JudgeStore store)
{
    private readonly ConcurrentBag<JudgeReply> _replies = [];
    private int _calls;
    private int _stored;

    public int Calls => _calls;

    /// <summary>Takes replies from the store first, then asks until one is usable or the attempts are used up.</summary>
    public async Task<Judgement> AskAsync(JudgeQuestion question, int repeat, CancellationToken cancellationToken)
    {
        string hash = Judge.Hash(question.Prompt);
        JudgeReply? last = null;
        foreach (JudgeReply stored in store.Find(task.Benchmark, question.Item, repeat, hash, model))
        {
            // Judged anew, not by the stored flag: what counts as usable may have become stricter since.
            last = stored with { IsUsable = task.IsUsable(stored.Text) };
            _replies.Add(last);
            Interlocked.Increment(ref _stored);
            if (last.IsUsable)
            {
                return new(last.Text, null);
            }
        }

        string? error = client is null ? "the store has no reply to this question" : null;
        for (int attempt = (last?.Attempt ?? 0) + 1; client is not null && attempt <= options.MaxAttempts; attempt++)
        {
            (JudgeReply? reply, error) = await CallAsync(client, question, repeat, attempt, hash, cancellationToken).ConfigureAwait(false);
            if (reply is null)
            {
                await WaitAsync(attempt, cancellationToken).ConfigureAwait(false);
                continue;
            }

            last = reply;
            if (reply.IsUsable)
            {
                return new(reply.Text, null);
            }
        }

        return new(null, Problem(question, last, error));
    }

    public JudgeSummary Summarize()
    {
        JudgeReply[] replies = [.. _replies.OrderBy(r => r.Time)];
        JudgeReply[] usable = [.. replies.Where(r => r.IsUsable)];
        return new()
        {
            Models =
                [.. replies.Select(r => r.Model ?? r.RequestedModel).Where(name => name.Length > 0).Distinct()
                .Order(StringComparer.Ordinal)],
            PromptHash = Judge.Hash(task.Template),
            Temperature = task.Temperature,
            First = replies.Length == 0 ? null : replies[0].Time,
            Last = replies.Length == 0 ? null : replies[^1].Time,
            Replies = replies.Length,
            UsableReplies = usable.Length,
            StoredReplies = _stored,
            Tokens = Tokens(replies),
            UsableTokens = Tokens(usable),
        };

        static JudgeTokens Tokens(JudgeReply[] replies) => new(replies.Sum(r => r.InputTokens ?? 0), replies.Sum(r => r.OutputTokens ?? 0));
    }

    private async Task<(JudgeReply? Reply, string? Error)> CallAsync(
        IChatClient judge, JudgeQuestion question, int repeat, int attempt, string hash, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _calls);
        ChatResponse response;
        try
        {
            var chat = new ChatOptions
            {
                ModelId = options.Model,
                Temperature = task.Temperature,
                TopP = task.TopP,
                MaxOutputTokens = task.MaxOutputTokens,
            };
            response = await judge.GetResponseAsync(Messages(question), chat, cancellationToken).ConfigureAwait(false);
            if (response is null)
            {
                return (null, $"{judge.GetType().Name} returned null instead of a response");
            }
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // Every client throws its own types for a lost connection or a busy service; none of them may end a run of hundreds of calls.
            return (null, $"{e.GetType().Name}: {e.Message}");
        }

        string text = response.Text;
        var reply = new JudgeReply
        {
            Benchmark = task.Benchmark,
            Item = question.Item,
            Repeat = repeat,
            Attempt = attempt,
            RequestedModel = model,
            Model = response.ModelId,
            PromptHash = hash,
            Temperature = task.Temperature,
            Time = options.TimeProvider.GetUtcNow(),
            Text = text,
            FinishReason = response.FinishReason?.Value,
            InputTokens = response.Usage?.InputTokenCount,
            OutputTokens = response.Usage?.OutputTokenCount,
            IsUsable = task.IsUsable(text),
        };
        store.Add(reply);
        _replies.Add(reply);
        return (reply, null);
    }

    private List<ChatMessage> Messages(JudgeQuestion question)
    {
        var prompt = new ChatMessage(task.Role, question.Prompt);
        return task.System is null ? [prompt] : [new(ChatRole.System, task.System), prompt];
    }

    private Task WaitAsync(int attempt, CancellationToken cancellationToken)
    {
        if (attempt >= options.MaxAttempts || options.RetryDelay == TimeSpan.Zero)
        {
            return Task.CompletedTask;
        }

        TimeSpan doubled = options.RetryDelay * Math.Pow(2, Math.Min(attempt, 20) - 1);
        return Task.Delay(doubled < JudgeOptions.LongestDelay ? doubled : JudgeOptions.LongestDelay, options.TimeProvider, cancellationToken);
    }

    private static EvaluationDiagnostic Problem(JudgeQuestion question, JudgeReply? last, string? error)
    {
        if (last is null)
        {
            return new(DiagnosticCode.JudgeFailed, question.Item, $"No reply ({error}); the item is not judged.");
        }

        string said = last.Text.Length <= 120 ? last.Text : last.Text[..120] + "..";
        return last.FinishReason == ChatFinishReason.ContentFilter.Value
            ? new(DiagnosticCode.JudgeRefused, question.Item,
                $"The judge declined to answer after {last.Attempt} attempts ('{said}'); the item is not judged.")
            : new(DiagnosticCode.JudgeUnusable, question.Item,
                $"No usable reply in {last.Attempt} attempts; the last one: '{said}'. The item is not judged.");
    }
}
