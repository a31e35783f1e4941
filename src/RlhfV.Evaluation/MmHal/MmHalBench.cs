using Microsoft.Extensions.AI;

namespace RlhfV.Evaluation;

/// <summary>
/// MMHal-Bench (Sun et al., Aligning Large Multimodal Models with Factually Augmented RLHF, 2023): 96 questions; a judge that is told the
/// picture's objects and a person's answer rates each answer from 0 to 6. State which judge: scores of different ones do not compare.
/// </summary>
public static class MmHalBench
{
    private const int Items = 96;
    private const int Types = 8;

    private static readonly string[] Template = EmbeddedData.ReadText("mmhal-judge-prompt.txt").Split("{}");

    /// <summary>The types in the order in which the questions cycle through them.</summary>
    public static IReadOnlyList<string> TypeNames { get; } =
        ["attribute", "adversarial", "comparison", "counting", "relation", "environment", "holistic", "other"];

    /// <summary>The question that is put to the judge: one user message, temperature 0.</summary>
    /// <param name="item">The question and the answer to judge.</param>
    public static string Prompt(MmHalItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        string[] values = [string.Join(", ", item.Objects), item.Question, item.Reference, item.Answer];
        return string.Concat(Template.Select((part, i) => part + values.ElementAtOrDefault(i)));
    }

    /// <summary>Has answers judged.</summary>
    /// <param name="items">The answered questions, in the published order.</param>
    /// <param name="judge">The judge; published figures name gpt-4-0314 (2023) or gpt-4-1106-preview (2024).</param>
    /// <param name="mode">
    /// <see cref="ScoringMode.Strict"/> asks again for a review without one clear rating and leaves the item out in the end;
    /// <see cref="ScoringMode.Official"/> takes the first review and counts 0 for one it does not understand.
    /// </param>
    /// <param name="bootstrap">How confidence intervals are drawn; null for the defaults.</param>
    /// <param name="progress">Told after every answer.</param>
    /// <param name="cancellationToken">Stops asking; with a store, the next run goes on.</param>
    /// <returns>One result per repeat of the judge, the first repeat first.</returns>
    /// <exception cref="InvalidOperationException">The judge fails again and again.</exception>
    public static async Task<IReadOnlyList<MmHalResult>> ScoreAsync(
        IReadOnlyList<MmHalItem> items, Judge judge, ScoringMode mode = ScoringMode.Strict, BootstrapOptions? bootstrap = null,
        IProgress<JudgeProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(judge);
        var task = new JudgeTask
        {
            Benchmark = "mmhal",
            Template = string.Join("{}", Template),
            Role = ChatRole.User,
            Temperature = 0,
            IsUsable = review => mode == ScoringMode.Official || MmHalRating.Read(review) is not null,
        };
        JudgeQuestion[] questions = [.. items.Select((item, i) => new JudgeQuestion($"{i}", Prompt(item)))];
        JudgeRun run = await judge.AskAsync(task, questions, progress, cancellationToken).ConfigureAwait(false);
        return [.. run.Repeats.Select(
            judgements => Score(items, [.. judgements.Select(j => j.Reply)], mode, bootstrap, run.Summary, judgements))];
    }

    /// <summary>Scores reviews that were made before.</summary>
    /// <param name="items">The answered questions, in the published order.</param>
    /// <param name="reviews">One review per question.</param>
    /// <param name="mode">What becomes of reviews without one clear rating.</param>
    /// <param name="bootstrap">How confidence intervals are drawn; null for the defaults.</param>
    /// <exception cref="ArgumentException">The numbers of reviews and questions differ.</exception>
    public static MmHalResult Score(
        IReadOnlyList<MmHalItem> items, IReadOnlyList<string> reviews, ScoringMode mode = ScoringMode.Strict,
        BootstrapOptions? bootstrap = null)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(reviews);
        return items.Count == reviews.Count
            ? Score(items, reviews, mode, bootstrap, null, null)
            : throw new ArgumentException(
                $"There are {reviews.Count} reviews of {items.Count} answers; they are matched by position.", nameof(reviews));
    }

    private static MmHalResult Score(
        IReadOnlyList<MmHalItem> items, IReadOnlyList<string?> reviews, ScoringMode mode, BootstrapOptions? bootstrap, JudgeSummary? judge,
        IReadOnlyList<Judgement>? judgements)
    {
        List<EvaluationDiagnostic> diagnostics = [.. FileDiagnostics.Of(items), .. FileDiagnostics.Of(reviews)];
        diagnostics.AddRange(items.Index().Where(item => string.IsNullOrWhiteSpace(item.Item.Answer)).Select(item => new EvaluationDiagnostic(
            DiagnosticCode.EmptyAnswer, $"{item.Index}", "The answer is empty; the judge rates it like any other.")));
        var scores = new MmHalScore[items.Count];
        for (int i = 0; i < scores.Length; i++)
        {
            int? clear = reviews[i] is { } review ? MmHalRating.Read(review) : null;
            int? rating = mode == ScoringMode.Official && reviews[i] is { } text ? MmHalRating.ReadOfficial(text) : clear;
            scores[i] = new(items[i], reviews[i], rating, clear is not null);
            if (clear is null)
            {
                string fate = rating is { } counted
                    ? $"it counts as {counted}, {(counted < MmHalScore.Faithful ? "" : "not ")}hallucinated" : "it was left out";
                diagnostics.Add(
                    judgements?[i].Problem ?? new(DiagnosticCode.JudgeUnusable, $"{i}", $"The review states no clear rating; {fate}."));
            }
        }

        MmHalMetrics metrics = MmHalMetrics.Of(scores, bootstrap);
        if (!metrics.AverageScore.HasValue)
        {
            diagnostics.Add(new(DiagnosticCode.FigureAbsent, "", "There is no score: no answer has a rating that counts."));
        }

        if (scores.Length < Items)
        {
            diagnostics.Add(new(
                DiagnosticCode.FigureAbsent, "",
                $"There are no means per type: the benchmark has {Items} questions, {scores.Length} were answered."));
        }

        return new(mode, metrics, scores.Length < Items ? null : ByType(scores), scores, judge, diagnostics);
    }

    /// <summary>Mean rating of the first 96 by type; the type is the place modulo eight.</summary>
    private static Dictionary<string, double> ByType(MmHalScore[] scores) => TypeNames.Index().ToDictionary(
        type => type.Item,
        type => scores.Take(Items).Where((score, i) => i % Types == type.Index && score.Rating.HasValue)
            .Select(score => (double)score.Rating!.Value) // Filtered in the line above.
            .DefaultIfEmpty(double.NaN).Average());
}
