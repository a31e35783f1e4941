using System.Text.Json;

namespace RlhfV.Evaluation.Tests;

/// <summary>
/// Tags captions as the perceptron of the published script did. Tokens and tags are stored for some captions. The tables that the script takes the
/// lemmas of verbs, adjectives and adverbs from are not among the expectations, so those lemmas come from the stored words of the caption, and
/// so do the tags where none are stored: a word that is not its noun lemma there is a verb.
/// </summary>
internal sealed class StoredCaptionTagger : IPhraseTagger
{
    private readonly Dictionary<string, TaggedWord[]> _captions = [];

    public StoredCaptionTagger(IEnumerable<JsonElement> cases)
    {
        Dictionary<string, (string[] Tokens, string[] Tags)> stored = GoldenJson.Read("chair", "tokens.json").GetProperty("cases")
            .EnumerateArray().DistinctBy(c => c.Text("text"))
            .ToDictionary(c => c.Text("text"), c => (c.GetProperty("tokens").Strings(), c.GetProperty("tags").Strings()));
        foreach (JsonElement golden in cases)
        {
            string text = golden.Text("caption").ToLowerInvariant();
            (string[] tokens, string?[] tags) = stored.TryGetValue(text, out var found) ? found : Untagged(text);
            string[] words = golden.GetProperty("lemma_variant").GetProperty("words").Strings();
            _captions[text] = Tagged(tokens, tags, words)
                ?? throw new InvalidDataException($"The stored words of '{text}' do not go with its tokens: {string.Join(' ', words)}.");
        }
    }

    public IReadOnlyList<TaggedWord> Tag(string text) => _captions[text];

    private static (string[] Tokens, string?[] Tags) Untagged(string text)
    {
        var tokens = new List<WordToken>();
        WordTokenizer.Tokenize(text, tokens);
        return ([.. tokens.Select(token => token.Spelling(text))], new string?[tokens.Count]);
    }

    /// <summary>The lemmas with which the tokens become the words, a pair counting as one; null when there are none.</summary>
    private static TaggedWord[]? Tagged(string[] tokens, string?[] tags, string[] words)
    {
        var tagged = new TaggedWord[tokens.Length];
        var failed = new HashSet<(int, int)>();
        return Fill(0, 0) ? tagged : null;

        bool Fill(int token, int word)
        {
            if (token == tokens.Length || word == words.Length)
            {
                return token == tokens.Length && word == words.Length;
            }

            if (failed.Contains((token, word)))
            {
                return false;
            }

            // Where both would do, the script takes the pair.
            IEnumerable<string[]> pairs = ObjectVocabulary.Chair2018.Pairs.Where(pair => pair.Value == words[word]).Select(pair => pair.Key.Split(' '));
            bool done = (token + 1 < tokens.Length && pairs.Any(pair => pair.Length == 2 && IsOf(token, pair[0]) && Take(token, pair[0])
                    && IsOf(token + 1, pair[1]) && Take(token + 1, pair[1]) && Fill(token + 2, word + 1)))
                || (Take(token, words[word]) && Fill(token + 1, word + 1));
            if (!done)
            {
                failed.Add((token, word));
            }

            return done;
        }

        bool IsOf(int token, string lemma) => tokens[token].StartsWith(lemma[..2], StringComparison.Ordinal);

        bool Take(int token, string lemma)
        {
            bool isNounLemma = NounLexicon.Default.ShortestLemma(tokens[token]) == lemma;
            string tag = tags[token] ?? (isNounLemma ? "NN" : "VB");
            tagged[token] = new(tokens[token], lemma, tag);
            return isNounLemma || tag is ['J' or 'V' or 'R', ..];
        }
    }
}
