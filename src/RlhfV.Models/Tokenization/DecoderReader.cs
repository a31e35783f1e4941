namespace RlhfV.Models.Tokenization;

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
                        $"the decoder {type.Describe()} at this place",
                        "ByteLevel alone, or Replace, ByteFallback, Fuse and Strip in this order");
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
