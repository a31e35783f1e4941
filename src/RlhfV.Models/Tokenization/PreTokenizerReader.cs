namespace RlhfV.Models.Tokenization;

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
