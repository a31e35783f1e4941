namespace RlhfV.Models.Tokenization;

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
