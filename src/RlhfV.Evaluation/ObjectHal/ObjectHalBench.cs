namespace RlhfV.Evaluation;

/// <summary>
/// Object HalBench as RLHF-V scores it (CVPR 2024, section 4.1): detailed descriptions of 300 COCO images; the objects a description names
/// are found by a language model, or by their words alone, and compared with what is annotated.
/// </summary>
public sealed class ObjectHalBench
{
    private readonly ObjectTruth _truth;
    private readonly ObjectHalOptions _options;
    private readonly ObjectReader _reader;
    private readonly IPhraseTagger _tagger;
    private readonly ObjectExtraction _extraction;

    /// <summary>Makes the benchmark.</summary>
    /// <param name="truth">
    /// The objects of each picture; for COCO read with <see cref="CreateReader"/>, so that captions and truth are read alike.
    /// </param>
    /// <param name="options">How to read and score; null for the defaults.</param>
    /// <exception cref="FileNotFoundException">There is no file at <see cref="ObjectHalOptions.PromptPath"/>.</exception>
    /// <exception cref="InvalidDataException">That file is no prompt.</exception>
    public ObjectHalBench(ObjectTruth truth, ObjectHalOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(truth);
        _truth = truth;
        _options = options ?? new();
        _reader = CreateReader(_options.Mode, _options.Vocabulary);
        _tagger = _options.Tagger ?? LexiconTagger.Instance;
        _extraction = new ObjectExtraction(_options.PromptPath);
    }

    /// <summary>
    /// The reader that goes with a mode: WordNet's lemmas as the script uses them, or the vocabulary's words in any form.
    /// </summary>
    /// <param name="mode">How words are read.</param>
    /// <param name="vocabulary">The objects looked for; null for COCO's.</param>
    public static ObjectReader CreateReader(ScoringMode mode, ObjectVocabulary? vocabulary = null) =>
        new(vocabulary ?? ObjectVocabulary.Coco, mode == ScoringMode.Official ? WordForm.WordNet : WordForm.Vocabulary);

    /// <summary>
    /// Scores responses by their words alone: deterministic, free, and the same everywhere. Repeated mentions count each time, as in the
    /// script.
    /// </summary>
    /// <param name="answers">One response per picture.</param>
    public ObjectHalResult ScoreLexical(IEnumerable<ModelAnswer> answers)
    {
        var diagnostics = new List<EvaluationDiagnostic>(_truth.Diagnostics);
        ObjectScore[] scores =
        [
            .. ObjectAnswers.Match(answers, _truth, _options.Mode, diagnostics).Select(item =>
            {
                string response = Response(item.Answer);
                ObjectReading reading = _reader.Read(response);
                return Score(item.Answer, response, reading.Words, reading.Mentions, item.Truth);
            }),
        ];
        return Result("words", scores, 0, diagnostics, null);
    }

    /// <summary>
    /// Scores responses by the objects that a judge lists for each. Each word of a response counts once. The judge is asked with the prompt of
    /// <see cref="ObjectHalOptions.PromptPath"/>; the hash of the prompt stands in <see cref="JudgeSummary.PromptHash"/>.
    /// </summary>
    /// <param name="answers">One response per picture.</param>
    /// <param name="judge">The model that lists objects; published figures name ChatGPT (gpt-3.5-turbo).</param>
    /// <param name="progress">Told after every response.</param>
    /// <param name="cancellationToken">Stops asking; with a store, the next run goes on.</param>
    /// <returns>One result per repeat of the judge, the first repeat first.</returns>
    /// <exception cref="InvalidOperationException">The judge fails again and again.</exception>
    public async Task<IReadOnlyList<ObjectHalResult>> ScoreAsync(
        IEnumerable<ModelAnswer> answers, Judge judge, IProgress<JudgeProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(judge);
        var diagnostics = new List<EvaluationDiagnostic>(_truth.Diagnostics);
        List<(ModelAnswer Answer, IReadOnlySet<string> Truth)> items = ObjectAnswers.Match(answers, _truth, _options.Mode, diagnostics);
        string[] responses = [.. items.Select(item => Response(item.Answer))];
        int[] asked = [.. Enumerable.Range(0, items.Count).Where(i => ObjectExtraction.IsAsked(responses[i]))];
        JudgeQuestion[] questions =
        [
            .. asked.Select(i => new JudgeQuestion(
                ItemName(items[i].Answer, i), _extraction.Prompt(items[i].Answer.Question, responses[i]))),
        ];
        if (_options.Mode == ScoringMode.Official && !_extraction.IsOfficial)
        {
            diagnostics.Add(new(
                DiagnosticCode.OtherPrompt, "",
                "The judge was not asked with the published prompt, so the figures do not compare with published ones; "
                + $"give its file in {nameof(ObjectHalOptions)}.{nameof(ObjectHalOptions.PromptPath)}."));
        }

        JudgeRun run = await judge.AskAsync(_extraction.Task, questions, progress, cancellationToken).ConfigureAwait(false);
        return [.. run.Repeats.Select(judgements => Score(items, responses, asked, judgements, [.. diagnostics], run.Summary))];
    }

    private ObjectHalResult Score(
        List<(ModelAnswer Answer, IReadOnlySet<string> Truth)> items, string[] responses, int[] asked, IReadOnlyList<Judgement> judgements,
        List<EvaluationDiagnostic> diagnostics, JudgeSummary summary)
    {
        Dictionary<int, Judgement> byItem = asked.Index().ToDictionary(pair => pair.Item, pair => judgements[pair.Index]);
        var scores = new List<ObjectScore>(items.Count);
        int unjudged = 0;
        for (int i = 0; i < items.Count; i++)
        {
            IReadOnlyList<string> phrases = [];
            if (byItem.TryGetValue(i, out Judgement judgement))
            {
                if (judgement.Reply is null)
                {
                    diagnostics.Add(judgement.Problem!); // A judgement has a reply or a problem.
                    unjudged++;
                    continue;
                }

                phrases = ObjectExtraction.Parse(judgement.Reply)!; // The judge returns usable replies only.
            }

            IReadOnlyList<ObjectMention> located = _reader.Read(responses[i]).Mentions;
            (List<string> words, List<ObjectMention> mentions) = Match(phrases, located);
            scores.Add(Score(items[i].Answer, responses[i], words, mentions, items[i].Truth));
        }

        return Result("judge", scores, unjudged, diagnostics, summary);
    }

    private (List<string> Words, List<ObjectMention> Mentions) Match(IReadOnlyList<string> phrases, IReadOnlyList<ObjectMention> located)
    {
        if (_options.Mode == ScoringMode.Strict)
        {
            return ObjectMatching.Heads(phrases, _reader, located);
        }

        List<string> words = ObjectPhrases.Words(phrases, _reader.Vocabulary, _tagger);
        return (words, ObjectMatching.Exact(words, _reader.Vocabulary, located));
    }

    private ObjectHalResult Result(
        string extractor, IReadOnlyList<ObjectScore> scores, int unjudged, List<EvaluationDiagnostic> diagnostics, JudgeSummary? judge)
    {
        ObjectRates rates = ObjectRates.Of(scores, _options.Bootstrap);
        ObjectAnswers.ReportAbsent(rates, diagnostics);
        return new()
        {
            Mode = _options.Mode,
            Extractor = extractor,
            Rates = rates,
            AverageWords = scores.Count == 0 ? double.NaN : scores.Average(score => Words(score.Response)),
            Unjudged = unjudged,
            Scores = scores,
            Judge = judge,
            Diagnostics = diagnostics,
        };
    }

    /// <summary>The script splits at single blanks, so that doubled ones count; an empty response has one word.</summary>
    private int Words(string response) => _options.Mode == ScoringMode.Official
        ? response.Split(' ').Length
        : response.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;

    private static ObjectScore Score(
        ModelAnswer answer, string response, IReadOnlyList<string> words, IReadOnlyList<ObjectMention> mentions,
        IReadOnlySet<string> truth) =>
        new() { Answer = answer, Response = response, Words = words, Mentions = mentions, Truth = truth };

    private static string Response(ModelAnswer answer) => answer.Text.Replace("Assistant:", "", StringComparison.Ordinal).Trim();

    /// <summary>Name of a response in the judge's store; images may repeat in official mode.</summary>
    private static string ItemName(ModelAnswer answer, int index) => $"{answer.ImageId}#{index}";
}
