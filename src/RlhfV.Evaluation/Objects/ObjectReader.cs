using System.Collections.Concurrent;
using RlhfV.Preferences;

namespace RlhfV.Evaluation;

/// <summary>
/// Finds the objects that a text mentions, by looking its words up in a vocabulary: the extraction of CHAIR and of Object HalBench without
/// a language model. Safe to use from several threads.
/// </summary>
public sealed class ObjectReader
{
    private const int CachedAtMost = 200_000; // Distinct words; texts of hostile noise must not fill the memory.
    private const string Toilet = "toilet", Seat = "seat";

    private readonly ConcurrentDictionary<string, string> _forms = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> _formOf;
    private readonly Func<string, string> _form;
    private readonly PhraseTable? _phrases;
    private readonly IPhraseTagger? _tagger;

    /// <summary>Makes a reader.</summary>
    /// <param name="vocabulary">The words to look for.</param>
    /// <param name="form">How words are brought to their base form.</param>
    /// <param name="tagger">
    /// Splits and tags text for <see cref="WordForm.TaggedLemma"/>, the only form that has a use for one; null for <see cref="LexiconTagger"/>.
    /// It is given text in lower case.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="form"/> is none of the defined ones.</exception>
    /// <exception cref="ArgumentException">There is a tagger for a form that does not tag.</exception>
    public ObjectReader(ObjectVocabulary vocabulary, WordForm form = WordForm.Vocabulary, IPhraseTagger? tagger = null)
    {
        ArgumentNullException.ThrowIfNull(vocabulary);
        Vocabulary = vocabulary;
        Form = form;
        _form = form switch
        {
            WordForm.Vocabulary => word => word,
            WordForm.WordNet or WordForm.TaggedLemma => NounLexicon.Default.ShortestLemma,
            WordForm.Singular2018 => Singularizer.Default.Singular,
            _ => throw new ArgumentOutOfRangeException(nameof(form), form, "The word form is not known."),
        };
        if (tagger is not null && form != WordForm.TaggedLemma)
        {
            throw new ArgumentException(
                $"The word form {form} does not tag; a tagger goes with {nameof(WordForm)}.{nameof(WordForm.TaggedLemma)} alone.", nameof(tagger));
        }

        _tagger = form == WordForm.TaggedLemma ? tagger ?? LexiconTagger.Instance : null;
        _phrases = form == WordForm.Vocabulary ? new(vocabulary) : null;
        _formOf = _forms.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>The words this reader looks for.</summary>
    public ObjectVocabulary Vocabulary { get; }

    /// <summary>How words are brought to their base form.</summary>
    public WordForm Form { get; }

    /// <summary>Finds the objects that a text mentions.</summary>
    /// <param name="text">English text.</param>
    public ObjectReading Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string lower = text.ToLowerInvariant(); // Keeps every character's place, so that spans hold for the text as given.
        if (_tagger is not null)
        {
            var places = new List<TextSpan>(text.Length / 4);
            string[] lemmas = Lemmas(lower, _tagger, places);
            return Reading(Pairs(lemmas), places);
        }

        var tokens = new List<WordToken>(text.Length / 4);
        WordTokenizer.Tokenize(_phrases is null ? lower : TextClass.WithBlanks(lower), tokens);
        string[] words = BaseForms(lower, tokens);
        return Reading(_phrases is null ? Pairs(words) : Phrases(words, _phrases), tokens.ConvertAll(token => token.Span));
    }

    /// <summary>
    /// The lemma of every tagged word: WordNet's of a noun and of all that is neither verb, adjective nor adverb; of those the tagger's own.
    /// </summary>
    private string[] Lemmas(string lower, IPhraseTagger tagger, List<TextSpan> tokens)
    {
        IReadOnlyList<TaggedWord> tagged = tagger.Tag(lower);
        int from = 0;
        foreach (TaggedWord word in tagged)
        {
            TextSpan place = Place(lower, word.Text, from);
            tokens.Add(place);
            from = place.End;
        }

        return [.. tagged.Select(word => word.Tag is ['J' or 'V' or 'R', ..] ? word.Lemma : _form(word.Text))];
    }

    /// <summary>Where a tagged word stands; empty where the tagger spells it otherwise than the text.</summary>
    private static TextSpan Place(string text, string word, int from)
    {
        string spelt = word is "``" or "''" && !text.AsSpan(from).StartsWith(word, StringComparison.Ordinal) ? "\"" : word;
        int at = spelt.Length == 0 ? -1 : text.IndexOf(spelt, from, StringComparison.Ordinal);
        return at < 0 ? new(from, 0) : new(at, spelt.Length);
    }

    private string[] BaseForms(string lower, List<WordToken> tokens)
    {
        string[] words = new string[tokens.Count];
        for (int i = 0; i < words.Length; i++)
        {
            words[i] = BaseForm(lower, tokens[i]);
        }

        return words;
    }

    /// <summary>The scripts' way: base form of every word, then neighbours that are in the pair table become one.</summary>
    private List<Unit> Pairs(string[] words)
    {
        var units = new List<Unit>(words.Length);
        for (int i = 0; i < words.Length; i++)
        {
            if (i + 1 < words.Length && Vocabulary.Pairs.TryGetValue($"{words[i]} {words[i + 1]}", out string? target))
            {
                units.Add(new(target, i, 2));
                i++;
            }
            else
            {
                units.Add(new(words[i], i, 1));
            }
        }

        return units;
    }

    private static List<Unit> Phrases(string[] words, PhraseTable phrases)
    {
        var units = new List<Unit>(words.Length);
        for (int i = 0; i < words.Length;)
        {
            (string word, int length) = phrases.Longest(words.AsSpan(i));
            units.Add(new(word, i, length));
            i += length;
        }

        return units;
    }

    private ObjectReading Reading(List<Unit> units, List<TextSpan> tokens)
    {
        // A toilet's seat is no chair (rule of the CHAIR script).
        bool dropSeats = units.Exists(unit => unit.Word == Toilet) && units.Exists(unit => unit.Word == Seat);
        List<Unit> kept = dropSeats ? units.FindAll(unit => unit.Word != Seat) : units;
        var mentions = new List<ObjectMention>();
        for (int i = 0; i < kept.Count; i++)
        {
            Unit unit = kept[i];
            if (Vocabulary.TryGetClass(unit.Word, out string? objectClass))
            {
                TextSpan first = tokens[unit.First], last = tokens[unit.First + unit.Count - 1];

                // The scripts count places after the seats are gone but look them up in the list from before; no figure depends on it.
                int index = _phrases is null ? units[i].First : unit.First;
                mentions.Add(new(unit.Word, objectClass, index, new(first.Start, last.End - first.Start)));
            }
        }

        return new([.. units.Select(unit => unit.Word)], mentions);
    }

    private string BaseForm(string lower, WordToken token)
    {
        if (token.Quote != '\0')
        {
            return _form(token.Spelling(lower)); // Looked up as it is spelt, whatever that yields.
        }

        ReadOnlySpan<char> word = lower.AsSpan(token.Span.Start, token.Span.Length);
        if (_formOf.TryGetValue(word, out string? form))
        {
            return form;
        }

        form = _form(word.ToString());
        if (_forms.Count < CachedAtMost)
        {
            _formOf.TryAdd(word, form);
        }

        return form;
    }

    /// <summary>One word or one merged pair: the base form, its first token, and how many tokens it took.</summary>
    private readonly record struct Unit(string Word, int First, int Count);
}
