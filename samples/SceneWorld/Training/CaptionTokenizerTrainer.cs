using System.Text.Json;

namespace SceneWorld;

/// <summary>
/// Learns a Llama-style vocabulary from captions: byte-pair merges inside words, written the way SentencePiece models are converted to
/// <c>tokenizer.json</c>, so that this library and Python's read the same ids from it.
/// </summary>
public static class CaptionTokenizerTrainer
{
    private const char Mark = '\u2581';
    private const string Unknown = "<unk>";
    private const string Begin = "<s>";
    private const string End = "</s>";
    private const string Image = "<image>";
    private const string Padding = "<pad>";

    /// <summary>
    /// Writes <c>tokenizer.json</c>, <c>tokenizer_config.json</c> and <c>special_tokens_map.json</c>. Ids: unknown 0, begin 1, end 2, the
    /// 256
    /// byte tokens, merged pieces in the order in which they were learned, single characters, and at the end <c>&lt;image&gt;</c> and
    /// <c>&lt;pad&gt;</c>. Equal texts give equal files.
    /// </summary>
    /// <param name="texts">The captions.</param>
    /// <param name="vocabularySize">Number of tokens, everything included.</param>
    /// <param name="folder">Where the files go; made when it does not exist.</param>
    /// <exception cref="ArgumentException">
    /// The texts do not hold enough different pieces for that size, or the size has no room for any.
    /// </exception>
    public static void Train(IEnumerable<string> texts, int vocabularySize, string folder)
    {
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        List<Word> words = CountWords(texts);
        string[] characters = [.. words.SelectMany(w => w.Symbols).Append(Mark.ToString()).Distinct().Order(StringComparer.Ordinal)];
        int wanted = vocabularySize - (3 + 256 + characters.Length + 2);
        if (wanted < 0)
            throw new ArgumentException(
                $"A vocabulary of {vocabularySize} has no room for {characters.Length} characters, 256 bytes and 5 special tokens.",
                nameof(vocabularySize));
        List<(string Left, string Right)> merges = LearnMerges(words, wanted);
        string[] merged = [.. merges.Select(m => m.Left + m.Right).Distinct()];
        if (merged.Length < wanted)
            throw new ArgumentException(
                $"The texts give {merged.Length} merged pieces, {wanted} are needed for a vocabulary of {vocabularySize}: "
                + "give more texts or ask for less.",
                nameof(texts));

        Directory.CreateDirectory(folder);
        Write(folder, "tokenizer.json", json => WriteTokenizer(json, [.. merged, .. characters], merges));
        Write(folder, "tokenizer_config.json", WriteConfiguration);
        Write(folder, "special_tokens_map.json", WriteRoles);
    }

    // A word is a run of letters, of digits or of one other character, with the mark of the blank before it. Merges stay inside it, so that
    // "table." and "table," share a token.
    private static List<Word> CountWords(IEnumerable<string> texts)
    {
        var counts = new Dictionary<string, long>();
        foreach (string text in texts)
        {
            string marked = Mark + text.Replace(' ', Mark);
            int start = 0;
            for (int i = 1; i <= marked.Length; i++)
            {
                if (i < marked.Length && !Cuts(marked, start, i))
                    continue;
                string word = marked[start..i];
                counts[word] = counts.GetValueOrDefault(word) + 1;
                start = i;
            }
        }

        return [.. counts.OrderBy(c => c.Key, StringComparer.Ordinal)
            .Select(c => new Word([.. c.Key.EnumerateRunes().Select(r => r.ToString())], c.Value))];
    }

    private static bool Cuts(string text, int start, int at)
    {
        char before = text[at - 1];
        char here = text[at];
        if (char.IsLowSurrogate(here) && char.IsHighSurrogate(before))
            return false;
        if (here == Mark)
            return true;
        if (before == Mark)
            return at - 1 != start;
        return !(char.IsLetter(before) && char.IsLetter(here));
    }

    private static List<(string Left, string Right)> LearnMerges(List<Word> words, int wanted)
    {
        var merges = new List<(string Left, string Right)>();

        // Two merges can lead to the same piece ("a" + "bc", "ab" + "c"): both are needed, the piece counts once.
        var pieces = new HashSet<string>();
        while (pieces.Count < wanted)
        {
            var counts = new Dictionary<(string Left, string Right), long>();
            foreach (Word word in words)
            {
                for (int i = 0; i + 1 < word.Symbols.Count; i++)
                {
                    (string, string) pair = (word.Symbols[i], word.Symbols[i + 1]);
                    counts[pair] = counts.GetValueOrDefault(pair) + word.Count;
                }
            }

            if (counts.Count == 0)
                break;

            // Most frequent first; ties by the texts, so that the order of a dictionary never decides.
            (string Left, string Right) best = counts.Aggregate((a, b) => IsBetter(b, a) ? b : a).Key;
            foreach (Word word in words)
                word.Join(best.Left, best.Right);
            merges.Add(best);
            pieces.Add(best.Left + best.Right);
        }

        return merges;
    }

    private static bool IsBetter(KeyValuePair<(string Left, string Right), long> a, KeyValuePair<(string Left, string Right), long> b)
    {
        if (a.Value != b.Value)
            return a.Value > b.Value;
        int order = string.CompareOrdinal(a.Key.Left, b.Key.Left);
        return (order != 0 ? order : string.CompareOrdinal(a.Key.Right, b.Key.Right)) < 0;
    }

    private static void WriteTokenizer(Utf8JsonWriter json, string[] pieces, List<(string Left, string Right)> merges)
    {
        json.WriteStartObject();
        json.WriteString("version", "1.0");
        json.WriteNull("truncation");
        json.WriteNull("padding");
        int images = 3 + 256 + pieces.Length;
        json.WriteStartArray("added_tokens");
        foreach ((int id, string token) in ((int, string)[])[(0, Unknown), (1, Begin), (2, End), (images, Image), (images + 1, Padding)])
        {
            json.WriteStartObject();
            json.WriteNumber("id", id);
            json.WriteString("content", token);
            foreach (string flag in (string[])["single_word", "lstrip", "rstrip", "normalized"])
                json.WriteBoolean(flag, false);
            json.WriteBoolean("special", true);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        Raw(json, "normalizer", """
            {"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": "▁"},
             {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}]}
            """);
        json.WriteNull("pre_tokenizer");
        Raw(json, "post_processor", """
            {"type": "TemplateProcessing",
             "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
             "pair": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
                      {"SpecialToken": {"id": "<s>", "type_id": 1}}, {"Sequence": {"id": "B", "type_id": 1}}],
             "special_tokens": {"<s>": {"id": "<s>", "ids": [1], "tokens": ["<s>"]}}}
            """);
        Raw(json, "decoder", """
            {"type": "Sequence", "decoders": [{"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "ByteFallback"},
             {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 0}]}
            """);
        WriteModel(json, pieces, merges);
        json.WriteEndObject();
    }

    private static void WriteModel(Utf8JsonWriter json, string[] pieces, List<(string Left, string Right)> merges)
    {
        json.WriteStartObject("model");
        json.WriteString("type", "BPE");
        json.WriteNull("dropout");
        json.WriteString("unk_token", Unknown);
        json.WriteNull("continuing_subword_prefix");
        json.WriteNull("end_of_word_suffix");
        json.WriteBoolean("fuse_unk", true);
        json.WriteBoolean("byte_fallback", true);
        json.WriteBoolean("ignore_merges", false);
        json.WriteStartObject("vocab");
        int id = 0;
        foreach (string token in (string[])[Unknown, Begin, End, .. Enumerable.Range(0, 256).Select(b => $"<0x{b:X2}>"), .. pieces])
            json.WriteNumber(token, id++);
        json.WriteEndObject();
        json.WriteStartArray("merges");
        foreach ((string left, string right) in merges)
        {
            json.WriteStartArray();
            json.WriteStringValue(left);
            json.WriteStringValue(right);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteConfiguration(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteBoolean("add_bos_token", true);
        json.WriteBoolean("add_eos_token", false);
        WriteRoleTexts(json);
        json.WriteBoolean("clean_up_tokenization_spaces", false);
        json.WriteBoolean("legacy", true);
        json.WriteString("padding_side", "left");
        json.WriteString("processor_class", "LlavaProcessor");
        json.WriteString("tokenizer_class", "LlamaTokenizer");
        json.WriteBoolean("use_default_system_prompt", false);
        json.WriteEndObject();
    }

    private static void WriteRoles(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        WriteRoleTexts(json);
        json.WriteEndObject();
    }

    private static void WriteRoleTexts(Utf8JsonWriter json)
    {
        json.WriteString("bos_token", Begin);
        json.WriteString("eos_token", End);
        json.WriteString("unk_token", Unknown);
        json.WriteString("pad_token", Padding);
        json.WriteString("image_token", Image);
    }

    private static void Raw(Utf8JsonWriter json, string name, string text)
    {
        json.WritePropertyName(name);
        using JsonDocument document = JsonDocument.Parse(text);
        document.RootElement.WriteTo(json);
    }

    private static void Write(string folder, string name, Action<Utf8JsonWriter> content)
    {
        string target = Path.Combine(folder, name);
        string temporary = target + ".tmp";
        using (FileStream stream = File.Create(temporary))
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
            content(json);
        File.Move(temporary, target, overwrite: true);
    }

    private sealed class Word(List<string> symbols, long count)
    {
        public List<string> Symbols { get; } = symbols;

        public long Count { get; } = count;

        public void Join(string left, string right)
        {
            for (int i = 0; i + 1 < Symbols.Count; i++)
            {
                if (Symbols[i] != left || Symbols[i + 1] != right)
                    continue;
                Symbols[i] = left + right;
                Symbols.RemoveAt(i + 1);
            }
        }
    }
}
