namespace RlhfV.Models.Tokenization;

/// <summary>
/// Builds a tokenizer from <c>tokenizer.json</c>. Every part that changes ids or text is either known here or refused by its name.
/// </summary>
internal static class TokenizerJsonReader
{
    public static TextTokenizer Read(TokenizerFiles files)
    {
        JsonPart root = JsonPart.Parse(files.Path(TokenizerFiles.TokenizerJson), files.Bytes(TokenizerFiles.TokenizerJson));
        TokenizerRoles roles = TokenizerRoles.Read(files);
        JsonPart modelPart = root.Required("model");
        List<PieceSplitter> splitters = [];
        bool byteLevel = root.Optional("pre_tokenizer") is { } part && PreTokenizerReader.Read(part, splitters);
        (Vocabulary vocabulary, BytePairModel model, string? unknown) = BytePairModelReader.Read(modelPart, byteLevel);
        AddedToken[] added = ReadAdded(root.Optional("added_tokens"));
        var table = new TokenTable(vocabulary, added);
        (int[] before, int[] behind) = PostProcessorReader.Read(root.Optional("post_processor"));
        var pipeline = new TokenizerPipeline(
            table,
            added,
            root.Optional("normalizer") is { } normalizer ? NormalizerReader.Read(normalizer) : null,
            splitters,
            model,
            before,
            behind,
            DecoderReader.Read(root.Required("decoder")));
        return new PipelineTokenizer(files, roles with { Unk = roles.Unk ?? unknown }, pipeline);
    }

    private static AddedToken[] ReadAdded(JsonPart? list)
    {
        if (list is not { } tokens)
            return [];
        return [.. tokens.Items().Select(token => new AddedToken(
            token.Required("id").Number(0, Vocabulary.LargestId),
            token.Required("content").Text(),
            token.OptionalFlag("special", false),
            token.OptionalFlag("lstrip", false),
            token.OptionalFlag("rstrip", false),
            token.OptionalFlag("single_word", false),
            token.OptionalFlag("normalized", false)))];
    }
}

/// <summary>Reads the <c>normalizer</c> part.</summary>
internal static class NormalizerReader
{
    public static TextNormalizer Read(JsonPart part)
    {
        JsonPart type = part.Required("type");
        return type.Text() switch
        {
            "Sequence" => new NormalizerSequence([.. part.Required("normalizers").Items().Select(Read)]),
            "Prepend" => new PrependNormalizer(part.Required("prepend").Text()),
            "Replace" => new ReplaceNormalizer(LiteralPattern.Read(part), part.Required("content").Text()),
            "NFC" => new CanonicalNormalizer(),
            _ => throw type.Error($"the normalizer {type.Describe()}", "Sequence, Prepend, Replace or NFC"),
        };
    }
}

/// <summary>Reads the <c>pattern</c> of a replacement, which must be plain text.</summary>
internal static class LiteralPattern
{
    public static string Read(JsonPart owner)
    {
        JsonPart pattern = owner.Required("pattern");
        string text = pattern.Required("String").Text();
        return text.Length > 0 ? text : throw pattern.Error("empty", "a text to replace");
    }
}

/// <summary>Reads the <c>pre_tokenizer</c> part.</summary>
internal static class PreTokenizerReader
{
    /// <summary>Appends the steps; true when pieces are to be read as bytes.</summary>
    public static bool Read(JsonPart part, List<PieceSplitter> steps)
    {
        JsonPart type = part.Required("type");
        switch (type.Text())
        {
            case "Sequence":
                bool bytes = false;
                foreach (JsonPart inner in part.Required("pretokenizers").Items())
                {
                    if (bytes)
                        throw inner.Error("a step behind ByteLevel", "ByteLevel as the last step");
                    bytes = Read(inner, steps);
                }

                return bytes;
            case "ByteLevel":
                if (part.OptionalFlag("add_prefix_space", true))
                    steps.Add(new BlankPrefixer());
                if (part.OptionalFlag("use_regex", true))
                    steps.Add(new ExpressionSplitter(SplitExpressions.Gpt2));
                return true;
            case "Split":
                steps.Add(ReadSplit(part));
                return false;
            case "Digits":
                steps.Add(new DigitSplitter(part.OptionalFlag("individual_digits", false)));
                return false;
            case "Metaspace":
                steps.Add(ReadMetaspace(part));
                return false;
            default:
                throw type.Error($"the pre-tokenizer {type.Describe()}", "Sequence, ByteLevel, Split, Digits or Metaspace");
        }
    }

    private static ExpressionSplitter ReadSplit(JsonPart part)
    {
        JsonPart behavior = part.Required("behavior");
        if (behavior.Text() != "Isolated")
            throw behavior.Error(behavior.Describe(), "\"Isolated\"");
        if (part.OptionalFlag("invert", false))
            throw part.Required("invert").Error("true", "false");
        JsonPart expression = part.Required("pattern").Required("Regex");
        return SplitExpressions.Find(expression.Text()) is { } known
            ? new ExpressionSplitter(known)
            : throw expression.Error($"the expression {expression.Describe()}", "the split expression of GPT-2, Llama 3 or Qwen 2");
    }

    private static MetaspaceSplitter ReadMetaspace(JsonPart part)
    {
        JsonPart mark = part.Required("replacement");
        if (mark.Text() is not [char character] || char.IsSurrogate(character))
            throw mark.Error(mark.Describe(), "one character");

        // Files from before prepend_scheme say add_prefix_space, and then never together with false in the known families.
        PrefixPlace place = PrefixPlace.Always;
        if (part.Optional("prepend_scheme") is { } scheme)
        {
            place = scheme.Text() switch
            {
                "always" => PrefixPlace.Always,
                "first" => PrefixPlace.First,
                "never" => PrefixPlace.Never,
                _ => throw scheme.Error(scheme.Describe(), "always, first or never"),
            };
        }
        else if (!part.OptionalFlag("add_prefix_space", true))
        {
            place = PrefixPlace.Never;
        }

        return new MetaspaceSplitter(character, place, part.OptionalFlag("split", true));
    }
}

/// <summary>Reads the <c>post_processor</c> part: which ids surround a single text.</summary>
internal static class PostProcessorReader
{
    public static (int[] Before, int[] Behind) Read(JsonPart? part)
    {
        List<int> before = [];
        List<int> behind = [];
        if (part is { } processor)
            Read(processor, before, behind);
        return ([.. before], [.. behind]);
    }

    private static void Read(JsonPart part, List<int> before, List<int> behind)
    {
        JsonPart type = part.Required("type");
        switch (type.Text())
        {
            case "Sequence":
                foreach (JsonPart inner in part.Required("processors").Items())
                    Read(inner, before, behind);
                break;
            case "ByteLevel":
                // Only trims the offsets Python reports; ids stay as they are.
                break;
            case "TemplateProcessing":
                ReadTemplate(part, before, behind);
                break;
            default:
                throw type.Error($"the post-processor {type.Describe()}", "Sequence, ByteLevel or TemplateProcessing");
        }
    }

    private static void ReadTemplate(JsonPart part, List<int> before, List<int> behind)
    {
        bool seenText = false;
        foreach (JsonPart item in part.Required("single").Items())
        {
            if (item.Optional("Sequence") is not null)
            {
                if (seenText)
                    throw item.Error("a second Sequence", "the text once");
                seenText = true;
                continue;
            }

            string name = item.Required("SpecialToken").Required("id").Text();
            JsonPart ids = part.Required("special_tokens").Required(name).Required("ids");
            (seenText ? behind : before).AddRange(ids.Items().Select(id => id.Number(0, Vocabulary.LargestId)));
        }

        if (!seenText)
            throw part.Required("single").Error("a template without Sequence", "a place for the text");
    }
}

/// <summary>Reads the <c>decoder</c> part.</summary>
internal static class DecoderReader
{
    public static Func<Func<int, string?>, TokenText> Read(JsonPart part)
    {
        JsonPart type = part.Required("type");
        switch (type.Text())
        {
            case "ByteLevel":
                return token => new ByteLevelTokenText(token);
            case "Sequence":
                return ReadSequence(part.Required("decoders"));
            default:
                throw type.Error($"the decoder {type.Describe()}", "ByteLevel or Sequence");
        }
    }

    // The order is part of the meaning: texts are replaced in tokens, bytes joined, everything fused, then the start stripped.
    private static Func<Func<int, string?>, TokenText> ReadSequence(JsonPart list)
    {
        List<(string Pattern, string Content)> replacements = [];
        bool byteFallback = false;
        bool fused = false;
        int leadingBlanks = 0;
        foreach (JsonPart part in list.Items())
        {
            JsonPart type = part.Required("type");
            switch (type.Text())
            {
                case "ByteLevel" when !byteFallback && !fused && replacements.Count == 0:
                    return token => new ByteLevelTokenText(token);
                case "Replace" when !byteFallback && !fused:
                    replacements.Add((LiteralPattern.Read(part), part.Required("content").Text()));
                    break;
                case "ByteFallback" when !fused:
                    byteFallback = true;
                    break;
                case "Fuse":
                    fused = true;
                    break;
                case "Strip" when fused:
                    leadingBlanks += ReadStrip(part);
                    break;
                default:
                    throw type.Error(
                        $"the decoder {type.Describe()} at this place", "ByteLevel alone, or Replace, ByteFallback, Fuse and Strip in this order");
            }
        }

        return token => new SentencePieceTokenText(token, replacements, byteFallback, leadingBlanks);
    }

    private static int ReadStrip(JsonPart part)
    {
        JsonPart content = part.Required("content");
        if (content.Text() != " ")
            throw content.Error(content.Describe(), "a blank");
        part.Required("stop").Number(0, 0);
        return part.Required("start").Number(0, 64);
    }
}
