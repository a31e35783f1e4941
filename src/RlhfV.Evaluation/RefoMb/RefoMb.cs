using Microsoft.Extensions.AI;

namespace RlhfV.Evaluation;

/// <summary>
/// RefoMB (RLAIF-V, 2024): a judge that reads a long description of the picture says which of two answers is better, the reference model's
/// or the evaluated one's. A second pass with another prompt asks which has fewer hallucinations and is scored alike. Strict and official
/// scoring do not differ.
/// </summary>
public static class RefoMb
{
    /// <summary>Has comparisons judged; a reply without a verdict is asked for again and left out in the end.</summary>
    /// <param name="items">The comparisons.</param>
    /// <param name="judge">The judge.</param>
    /// <param name="bootstrap">How confidence intervals are drawn; null for the defaults.</param>
    /// <param name="progress">Told after every comparison.</param>
    /// <param name="cancellationToken">Stops asking; with a store, the next run goes on.</param>
    /// <returns>One result per repeat of the judge, the first repeat first.</returns>
    /// <exception cref="InvalidOperationException">The judge fails again and again.</exception>
    public static async Task<IReadOnlyList<RefoMbResult>> ScoreAsync(
        IReadOnlyList<RefoMbItem> items, Judge judge, BootstrapOptions? bootstrap = null, IProgress<JudgeProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(judge);
        var task = new JudgeTask
        {
            Benchmark = "refomb",
            Template = "", // The prompt is the caller's: each reply is stored with the hash of the filled-in one.
            Role = ChatRole.User,
            Temperature = 0,
            IsUsable = reply => Read(reply) is not null,
        };
        JudgeRun run = await judge.AskAsync(
            task, [.. items.Select(item => new JudgeQuestion(item.Id, item.Prompt))], progress, cancellationToken).ConfigureAwait(false);
        return [.. run.Repeats.Select(judgements => Result(items, judgements, bootstrap, run.Summary))];
    }

    /// <summary>Scores verdicts that were made before.</summary>
    /// <param name="judgements">The verdicts.</param>
    /// <param name="bootstrap">How confidence intervals are drawn; null for the defaults.</param>
    public static RefoMbResult Score(IReadOnlyList<RefoMbJudgement> judgements, BootstrapOptions? bootstrap = null)
    {
        ArgumentNullException.ThrowIfNull(judgements);
        return Result(judgements, bootstrap, null, []);
    }

    /// <summary>The first of <c>[[A]]</c>, <c>[[B]]</c>, <c>[[C]]</c> in a reply; null when it has none.</summary>
    /// <param name="reply">The judge's reply.</param>
    public static RefoMbVerdict? Read(string reply)
    {
        ArgumentNullException.ThrowIfNull(reply);
        (string Mark, RefoMbVerdict Verdict)[] marks =
            [("[[A]]", RefoMbVerdict.Loss), ("[[B]]", RefoMbVerdict.Win), ("[[C]]", RefoMbVerdict.Tie)];
        (int place, RefoMbVerdict verdict) = marks.Select(m => (Place(m.Mark), m.Verdict)).Min();
        return place == int.MaxValue ? null : verdict;

        int Place(string mark) => reply.IndexOf(mark, StringComparison.Ordinal) is >= 0 and var place ? place : int.MaxValue;
    }

    private static RefoMbResult Result(
        IReadOnlyList<RefoMbItem> items, IReadOnlyList<Judgement> judgements, BootstrapOptions? bootstrap, JudgeSummary summary)
    {
        RefoMbJudgement[] judged =
        [
            .. items.Zip(judgements).Where(pair => pair.Second.Reply is not null)
                // The judge returns usable replies only, so each has a verdict.
                .Select(pair => new RefoMbJudgement(pair.First.Type, Read(pair.Second.Reply!)!.Value)),
        ];
        return Result(judged, bootstrap, summary, [.. judgements.Where(j => j.Problem is not null).Select(j => j.Problem!)]);
    }

    private static RefoMbResult Result(
        IReadOnlyList<RefoMbJudgement> judgements, BootstrapOptions? bootstrap, JudgeSummary? summary,
        IReadOnlyList<EvaluationDiagnostic> diagnostics)
    {
        var table = new ItemTable(judgements.Count, 2);
        for (int i = 0; i < judgements.Count; i++)
        {
            (table.Row(i)[0], table.Row(i)[1]) = (((int)judgements[i].Verdict + 1) / 2.0, 1);
        }

        if (judgements.Count == 0)
        {
            diagnostics = [.. diagnostics, new(DiagnosticCode.FigureAbsent, "", "There is no score: no comparison has a verdict.")];
        }

        return new(
            Count(judgements), new Bootstrap(table, bootstrap ?? BootstrapOptions.Default).Estimate(s => s[0] / s[1]),
            judgements.GroupBy(j => j.Type).ToDictionary(group => group.Key, Count), summary, diagnostics);
    }

    private static RefoMbCounts Count(IEnumerable<RefoMbJudgement> judgements)
    {
        RefoMbVerdict[] verdicts = [.. judgements.Select(j => j.Verdict)];
        return new(
            verdicts.Count(v => v == RefoMbVerdict.Win), verdicts.Count(v => v == RefoMbVerdict.Loss),
            verdicts.Count(v => v == RefoMbVerdict.Tie));
    }
}
