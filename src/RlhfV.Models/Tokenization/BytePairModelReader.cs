using System.Text.Json;

namespace RlhfV.Models.Tokenization;

/// <summary>Reads the <c>model</c> part of a <c>tokenizer.json</c>.</summary>
internal static class BytePairModelReader
{
    private const char SentencePieceMark = '\u2581';

    public static (Vocabulary Vocabulary, BytePairModel Model, string? Unknown) Read(JsonPart part, bool byteLevel)
    {
        RefuseOthers(part);
        var vocabulary = new Vocabulary(ReadTokens(part.Required("vocab")));
        string? unknown = part.OptionalText("unk_token");
        if (unknown is not null && vocabulary.Id(unknown) is null)
            throw part.Required("unk_token").Error($"\"{unknown}\", which is not in the vocabulary", "a token of the vocabulary");

        Dictionary<long, Merge> merges = ReadMerges(part.Required("merges"), vocabulary);
        InitialSymbols symbols;
        if (byteLevel)
        {
            symbols = new ByteSymbols(vocabulary);
        }
        else
        {
            var characters = new CharacterSymbols(
                vocabulary, unknown is null ? null : vocabulary.Id(unknown),
                part.OptionalFlag("byte_fallback", false),
                part.OptionalFlag("fuse_unk", false));
            if (!characters.IsComplete)
                throw part.Required("vocab").Error(
                    "without a token for every text", "all 256 byte tokens, or with byte_fallback false an unk_token");
            symbols = characters;
        }

        char? mark = !byteLevel && BytePairModel.MergesStayBehind(SentencePieceMark, vocabulary, merges.Keys) ? SentencePieceMark : null;
        bool wholePieceFirst = part.OptionalFlag("ignore_merges", false);
        return (vocabulary, new BytePairModel(vocabulary, symbols, merges, wholePieceFirst, wholePieceFirst ? null : mark), unknown);
    }

    private static void RefuseOthers(JsonPart part)
    {
        // Files of old versions leave the type out; merges make it byte-pair encoding all the same.
        if (part.Optional("type") is { } type && type.Text() != "BPE")
            throw type.Error($"the model {type.Describe()}", "BPE");
        if (part.Optional("dropout") is { } dropout && dropout.Describe() is not ("0" or "0.0"))
            throw dropout.Error(dropout.Describe(), "no dropout");
        foreach (string name in (string[])["continuing_subword_prefix", "end_of_word_suffix"])
        {
            if (part.Optional(name) is { } affix && affix.Text().Length > 0)
                throw affix.Error(affix.Describe(), "none");
        }
    }

    private static Dictionary<string, int> ReadTokens(JsonPart part)
    {
        var ids = new Dictionary<string, int>();
        var taken = new HashSet<int>();
        foreach ((string token, JsonPart value) in part.Properties())
        {
            int id = value.Number(0, Vocabulary.LargestId);
            if (!ids.TryAdd(token, id))
                throw value.Error("given twice", "every token once");
            if (!taken.Add(id))
                throw value.Error($"{id}, which another token has too", "an id of its own");
        }

        return ids.Count > 0 ? ids : throw part.Error("empty", "tokens");
    }

    private static Dictionary<long, Merge> ReadMerges(JsonPart part, Vocabulary vocabulary)
    {
        var merges = new Dictionary<long, Merge>();
        int rank = 0;
        foreach (JsonPart item in part.Items())
        {
            (string left, string right) = ReadPair(item);
            if (vocabulary.Id(left) is not int leftId || vocabulary.Id(right) is not int rightId)
                throw item.Error($"{item.Describe()} with a token outside the vocabulary", "two tokens of the vocabulary");
            if (vocabulary.Id(left + right) is not int id)
                throw item.Error($"{item.Describe()}, whose result is outside the vocabulary", "a merge into a token of the vocabulary");
            // Of a pair that stands twice the last place counts, as in the reference.
            merges[BytePairModel.Pair(leftId, rightId)] = new Merge(rank++, id);
        }

        return merges;
    }

    // Written as ["a", "b"], or in older files as "a b".
    private static (string Left, string Right) ReadPair(JsonPart item)
    {
        string[] parts = item.Kind == JsonValueKind.Array ? [.. item.Items().Select(i => i.Text())] : item.Text().Split(' ');
        return parts is [string left, string right] ? (left, right) : throw item.Error(item.Describe(), "two tokens");
    }
}
