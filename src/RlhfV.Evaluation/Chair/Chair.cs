namespace RlhfV.Evaluation;

/// <summary>
/// CHAIR (Rohrbach et al., Object Hallucination in Image Captioning, EMNLP 2018): objects are found by their words, and a mention whose
/// class is neither annotated nor named by a human caption is hallucinated.
/// </summary>
public sealed class Chair
{
    private readonly ObjectTruth _truth;
    private readonly ObjectReader _reader;
    private readonly ScoringMode _mode;
    private readonly BootstrapOptions? _bootstrap;

    /// <summary>Makes the benchmark.</summary>
    /// <param name="truth">
    /// The objects of each picture; for COCO read with <see cref="CreateReader"/>, so that captions and truth are read alike.
    /// </param>
    /// <param name="mode">
    /// <see cref="ScoringMode.Official"/> reads words as the script of 2018 does (a single <c>bus</c> is never seen).
    /// </param>
    /// <param name="bootstrap">How confidence intervals are drawn; null for the defaults.</param>
    public Chair(ObjectTruth truth, ScoringMode mode = ScoringMode.Strict, BootstrapOptions? bootstrap = null)
        : this(truth, CreateReader(mode), mode, bootstrap)
    {
    }

    /// <summary>Makes the benchmark with words of your own.</summary>
    /// <param name="truth">The objects of each picture.</param>
    /// <param name="reader">Finds objects in captions.</param>
    /// <param name="bootstrap">How confidence intervals are drawn; null for the defaults.</param>
    public Chair(ObjectTruth truth, ObjectReader reader, BootstrapOptions? bootstrap = null)
        : this(truth, reader, ScoringMode.Strict, bootstrap)
    {
    }

    /// <summary>Makes the benchmark with a reader of another script, for example that of <see cref="CreateTaggedReader"/>.</summary>
    /// <param name="truth">The objects of each picture, read with <paramref name="reader"/>.</param>
    /// <param name="reader">Finds objects in captions.</param>
    /// <param name="mode">
    /// <see cref="ScoringMode.Official"/> counts every caption of a picture, as the scripts do; <see cref="ScoringMode.Strict"/> the first.
    /// </param>
    /// <param name="bootstrap">How confidence intervals are drawn; null for the defaults.</param>
    public Chair(ObjectTruth truth, ObjectReader reader, ScoringMode mode, BootstrapOptions? bootstrap = null)
    {
        ArgumentNullException.ThrowIfNull(truth);
        ArgumentNullException.ThrowIfNull(reader);
        _truth = truth;
        _reader = reader;
        _mode = mode;
        _bootstrap = bootstrap;
    }

    /// <summary>The reader that goes with a mode: the tables of 2018, or the trimmed and corrected ones.</summary>
    /// <param name="mode">How words are read.</param>
    public static ObjectReader CreateReader(ScoringMode mode) => mode == ScoringMode.Official
        ? new(ObjectVocabulary.Chair2018, WordForm.Singular2018)
        : new(ObjectVocabulary.Coco, WordForm.Vocabulary);

    /// <summary>
    /// The reader of the variant of 2024, which is used with long captions: words are tagged and then reduced to the lemma of their part of
    /// speech; vocabulary and pairs are those of 2018. Figures agree with published ones as far as the tagger does with theirs.
    /// </summary>
    /// <param name="tagger">
    /// Splits and tags captions; published figures come from an averaged perceptron with the Penn Treebank's tags. Null for
    /// <see cref="LexiconTagger"/>.
    /// </param>
    public static ObjectReader CreateTaggedReader(IPhraseTagger? tagger = null) =>
        new(ObjectVocabulary.Chair2018, WordForm.TaggedLemma, tagger);

    /// <summary>Scores captions.</summary>
    /// <param name="captions">One answer per picture; every repeated mention in it counts.</param>
    public ChairResult Score(IEnumerable<ModelAnswer> captions)
    {
        var diagnostics = new List<EvaluationDiagnostic>(_truth.Diagnostics);
        ObjectScore[] scores =
        [
            .. ObjectAnswers.Match(captions, _truth, _mode, diagnostics).Select(item =>
            {
                ObjectReading reading = _reader.Read(item.Answer.Text);
                return new ObjectScore
                {
                    Answer = item.Answer,
                    Response = item.Answer.Text,
                    Words = reading.Words,
                    Mentions = reading.Mentions,
                    Truth = item.Truth,
                };
            }),
        ];
        ObjectRates rates = ObjectRates.Of(scores, _bootstrap);
        ObjectAnswers.ReportAbsent(rates, diagnostics);
        return new(_mode, rates, scores, diagnostics)
        {
            Form = _reader.Form,
            AverageWords = scores.Select(score => (double)score.Words.Count).DefaultIfEmpty(double.NaN).Average(),
        };
    }
}
