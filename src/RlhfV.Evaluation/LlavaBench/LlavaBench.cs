using Microsoft.Extensions.AI;

namespace RlhfV.Evaluation;

/// <summary>
/// LLaVA-Bench (COCO) (Liu et al., Visual Instruction Tuning, NeurIPS 2023): a judge that reads captions and boxes scores a reference
/// answer and an answer from 1 to 10; the figure is the ratio of the mean scores.
/// </summary>
public static class LlavaBench
{
    private const string System = "You are a helpful and precise assistant for checking the quality of the answer.";

    /// <summary>Has answers compared with their references.</summary>
    /// <param name="questions">Questions with both answers.</param>
    /// <param name="rules">For each category what the judge is asked to do; the <c>prompt</c> texts of the benchmark's rule file.</param>
    /// <param name="judge">The judge.</param>
    /// <param name="mode">
    /// Strict asks again for a review it cannot read and leaves it out in the end; Official takes the first review.
    /// </param>
    /// <param name="bootstrap">How confidence intervals are drawn; null for the defaults.</param>
    /// <param name="progress">Told after every question.</param>
    /// <param name="cancellationToken">Stops asking; with a store, the next run goes on.</param>
    /// <returns>One result per repeat of the judge, the first repeat first.</returns>
    /// <exception cref="ArgumentException">A category has no rule.</exception>
    /// <exception cref="InvalidOperationException">The judge fails again and again.</exception>
    public static async Task<IReadOnlyList<LlavaBenchResult>> ScoreAsync(
        IReadOnlyList<LlavaBenchQuestion> questions, IReadOnlyDictionary<string, string> rules, Judge judge,
        ScoringMode mode = ScoringMode.Strict,
        BootstrapOptions? bootstrap = null, IProgress<JudgeProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(questions);
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentNullException.ThrowIfNull(judge);
        if (questions.FirstOrDefault(question => !rules.ContainsKey(question.Category)) is { } lost)
        {
            throw new ArgumentException(
                $"Question '{lost.Id}' has the category '{lost.Category}', for which there is no rule.", nameof(rules));
        }

        var task = new JudgeTask
        {
            Benchmark = "llavabench",
            Template = string.Join('\n', rules.OrderBy(rule => rule.Key, StringComparer.Ordinal).Select(rule => rule.Value)),
            Role = ChatRole.User,
            System = System,
            Temperature = 0.2f,
            MaxOutputTokens = 1024,
            IsUsable = review => mode == ScoringMode.Official || LlavaBenchScores.Read(review) is not null,
        };
        JudgeQuestion[] asked =
            [.. questions.Select(question => new JudgeQuestion(question.Id, Prompt(question, rules[question.Category])))];
        JudgeRun run = await judge.AskAsync(task, asked, progress, cancellationToken).ConfigureAwait(false);
        return
        [
            .. run.Repeats.Select(judgements => Score(
                [.. questions.Zip(
                    judgements, (question, judgement) => new LlavaBenchReview(question.Id, question.Category, judgement.Reply ?? ""))],
                mode, bootstrap, run.Summary,
                judgements.Where(judgement => judgement.Problem is not null).Select(judgement => judgement.Problem!)
                    .DistinctBy(problem => problem.Item).ToDictionary(problem => problem.Item))),
        ];
    }

    /// <summary>Scores reviews that were made before.</summary>
    /// <param name="reviews">The reviews.</param>
    /// <param name="mode">
    /// <see cref="ScoringMode.Strict"/> leaves out reviews it cannot read; <see cref="ScoringMode.Official"/> puts -1 for both scores of
    /// such a review and averages that in, as LLaVA's own script does. (RLHF-V's script leaves them out.)
    /// </param>
    /// <param name="bootstrap">How confidence intervals are drawn; null for the defaults.</param>
    public static LlavaBenchResult Score(
        IReadOnlyList<LlavaBenchReview> reviews, ScoringMode mode = ScoringMode.Strict, BootstrapOptions? bootstrap = null)
    {
        ArgumentNullException.ThrowIfNull(reviews);
        return Score(reviews, mode, bootstrap, null);
    }

    internal static string Prompt(LlavaBenchQuestion question, string rule) =>
        $"[Context]\n{question.Context}\n\n[Question]\n{question.Question}\n\n" +
        $"[Assistant 1]\n{question.Reference}\n\n[End of Assistant 1]\n\n" +
        $"[Assistant 2]\n{question.Answer}\n\n[End of Assistant 2]\n\n[System]\n{rule}\n\n";

    private static LlavaBenchResult Score(
        IReadOnlyList<LlavaBenchReview> reviews, ScoringMode mode, BootstrapOptions? bootstrap, JudgeSummary? judge,
        IReadOnlyDictionary<string, EvaluationDiagnostic>? problems = null)
    {
        List<EvaluationDiagnostic> diagnostics = [.. FileDiagnostics.Of(reviews)];
        (LlavaBenchReview Review, LlavaBenchScores? Scores)[] read =
        [
            .. Once(reviews, mode, diagnostics).Select(review => (
                review, mode == ScoringMode.Official ? LlavaBenchScores.ReadOfficial(review.Text) : LlavaBenchScores.Read(review.Text))),
        ];
        diagnostics.AddRange(read.Where(item => item.Scores is null || item.Scores == LlavaBenchScores.Failed)
            .Select(item => problems?.GetValueOrDefault(item.Review.QuestionId) ?? new EvaluationDiagnostic(
                DiagnosticCode.JudgeUnusable, item.Review.QuestionId,
                $"The review's first line is not two scores; it {(item.Scores is null ? "was left out" : "counts as -1 for both")}.")));
        LlavaBenchCategory overall = Category(read, bootstrap);
        Dictionary<string, LlavaBenchCategory> categories = read.Where(item => item.Review.Category.Length > 0)
            .GroupBy(item => item.Review.Category).ToDictionary(group => group.Key, group => Category([.. group], bootstrap));
        IEnumerable<string> absent = overall.Relative.HasValue
            ? categories.Where(category => !category.Value.Relative.HasValue).Select(category => category.Key) : [""];
        diagnostics.AddRange(absent.Select(name => new EvaluationDiagnostic(
            DiagnosticCode.FigureAbsent, name, "There is no relative score: no review has scores, or the reference's mean is zero.")));
        return new(mode, overall, categories, judge, diagnostics);
    }

    /// <summary>In strict mode the first review of a question counts; the scripts count every one.</summary>
    private static List<LlavaBenchReview> Once(
        IReadOnlyList<LlavaBenchReview> reviews, ScoringMode mode, List<EvaluationDiagnostic> diagnostics)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var once = new List<LlavaBenchReview>(reviews.Count);
        foreach (LlavaBenchReview review in reviews)
        {
            bool repeated = !seen.Add(review.QuestionId), counts = !repeated || mode == ScoringMode.Official;
            if (repeated)
            {
                diagnostics.Add(new(
                    DiagnosticCode.DuplicateAnswer, review.QuestionId,
                    $"The question was reviewed before; {(counts ? "both reviews count" : "the first review counts")}."));
            }

            if (counts)
            {
                once.Add(review);
            }
        }

        return once;
    }

    private static LlavaBenchCategory Category((LlavaBenchReview Review, LlavaBenchScores? Scores)[] reviews, BootstrapOptions? bootstrap)
    {
        LlavaBenchScores[] scores = [.. reviews.Where(item => item.Scores.HasValue).Select(item => item.Scores!.Value)];
        var table = new ItemTable(scores.Length, 2);
        for (int i = 0; i < scores.Length; i++)
        {
            (table.Row(i)[0], table.Row(i)[1]) = (scores[i].Answer, scores[i].Reference);
        }

        return new(
            scores.Length, reviews.Count(item => item.Scores is null || item.Scores == LlavaBenchScores.Failed),
            scores.Select(s => s.Reference).DefaultIfEmpty(double.NaN).Average(),
            scores.Select(s => s.Answer).DefaultIfEmpty(double.NaN).Average(),
            new Bootstrap(table, bootstrap ?? BootstrapOptions.Default).Estimate(s => s[1] == 0 ? double.NaN : s[0] / s[1]));
    }
}
