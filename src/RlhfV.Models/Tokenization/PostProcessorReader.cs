namespace RlhfV.Models.Tokenization;

/// <summary>Reads the <c>post_processor</c> part: which ids surround a single text.</summary>
internal static class PostProcessorReader
{
    public static (int[] Before, int[] Behind) Read(JsonPart? part, TokenTable table)
    {
        List<int> before = [];
        List<int> behind = [];
        if (part is { } processor)
            Read(processor, before, behind);
        foreach (int id in before.Concat(behind).Where(id => table.Token(id) is null))
            throw part!.Value.Error($"a template with the id {id}, which no token has", "ids of tokens");
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
