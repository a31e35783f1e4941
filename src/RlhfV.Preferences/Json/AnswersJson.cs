using System.Text.Json;

namespace RlhfV.Preferences;

/// <summary>The JSON of the column <c>text</c> of an RLHF-V parquet file: question, chosen, rejected, and perhaps <c>logps</c>.</summary>
internal static class AnswersJson
{
    /// <summary>Writes the keys in the order the reference's log-probability writer asserts.</summary>
    public static string Write(PreferenceExample example) => JsonText.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("question", example.Prompt);
        writer.WriteString("chosen", example.Chosen);
        writer.WriteString("rejected", example.Rejected);
        if (example.ReferenceLogProbs is { } logProbs)
        {
            writer.WritePropertyName("logps");
            LogProbsJson.Write(writer, logProbs);
        }

        writer.WriteEndObject();
    });

    /// <summary>Reads the object into an example without picture and origin.</summary>
    /// <exception cref="JsonException">The text is no such object; the message names the key.</exception>
    public static PreferenceExample Read(string text)
    {
        using JsonDocument document = JsonText.Parse(text);
        JsonElement root = document.RootElement;
        return new PreferenceExample
        {
            Prompt = JsonText.RequireString(root, "question"),
            Chosen = JsonText.RequireString(root, "chosen"),
            Rejected = JsonText.RequireString(root, "rejected"),
            ReferenceLogProbs = root.TryGetProperty("logps", out JsonElement logProbs) ? LogProbsJson.Read(logProbs) : null,
        };
    }
}
