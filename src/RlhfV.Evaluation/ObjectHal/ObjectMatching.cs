using RlhfV.Preferences;

namespace RlhfV.Evaluation;

/// <summary>Matches extracted words with the classes of a vocabulary.</summary>
internal static class ObjectMatching
{
    private const string Toilet = "toilet", Seat = "seat";

    /// <summary>
    /// As the script: exact spelling, no seats beside a toilet. A mention's index is its place in <paramref name="words"/>, or, when seats
    /// were dropped, the place that the script looks up for it, which is one that stood there before. Spans point to the word in the
    /// response where it can be found, and are empty elsewhere.
    /// </summary>
    public static List<ObjectMention> Exact(IReadOnlyList<string> words, ObjectVocabulary vocabulary, IReadOnlyList<ObjectMention> located)
    {
        bool dropSeats = words.Contains(Toilet) && words.Contains(Seat);
        var mentions = new List<ObjectMention>();
        int place = 0;
        foreach (string word in words)
        {
            if (dropSeats && word == Seat)
            {
                continue;
            }

            if (vocabulary.TryGetClass(word, out string? objectClass))
            {
                mentions.Add(new(word, objectClass, place, Locate(word, located)));
            }

            place++;
        }

        return mentions;
    }

    /// <summary>
    /// By the heads of the phrases: "kitchen table" is a table, "car door" is no car, "bowl of bananas" is both. Each word once.
    /// </summary>
    /// <returns>The words looked up (heads that are known, else whole phrases) and the mentions among them.</returns>
    public static (List<string> Words, List<ObjectMention> Mentions) Heads(
        IEnumerable<string> phrases, ObjectReader reader, IReadOnlyList<ObjectMention> located)
    {
        var words = new List<string>();
        var mentions = new List<ObjectMention>();
        foreach (string phrase in phrases)
        {
            ObjectMention[] heads = [.. reader.Read(phrase).Mentions.Where(mention => IsHead(phrase, mention.Span))];
            foreach (ObjectMention head in heads)
            {
                if (!words.Contains(head.Word))
                {
                    mentions.Add(new(head.Word, head.Class, words.Count, Locate(head.Word, located)));
                    words.Add(head.Word);
                }
            }

            if (heads.Length == 0 && !words.Contains(phrase))
            {
                words.Add(phrase);
            }
        }

        bool dropSeats = mentions.Exists(m => m.Word == Toilet);
        mentions.RemoveAll(m => dropSeats && m.Word == Seat);
        return (words, mentions);
    }

    /// <summary>
    /// True when the phrase ends with the mention or goes on with a word that begins another phrase, such as "of" or "with".
    /// </summary>
    private static bool IsHead(string phrase, TextSpan mention)
    {
        ReadOnlySpan<char> rest = phrase.AsSpan(mention.End).TrimStart();
        if (rest.IsEmpty || !char.IsLetterOrDigit(rest[0]))
        {
            return rest.IsEmpty || rest[0] is not ('\'' or '\u2019' or '-');
        }

        int length = 0;
        while (length < rest.Length && char.IsLetterOrDigit(rest[length]))
        {
            length++;
        }

        string next = rest[..length].ToString().ToLowerInvariant();
        return EnglishWords.Tags.TryGetValue(next, out string? tag) ? tag != "JJ" : LexiconTagger.IsDescription(next);
    }

    private static TextSpan Locate(string word, IReadOnlyList<ObjectMention> located) =>
        located.FirstOrDefault(mention => mention.Word == word).Span;
}
