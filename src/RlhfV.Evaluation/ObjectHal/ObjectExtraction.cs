using System.Text.Json;
using Microsoft.Extensions.AI;

namespace RlhfV.Evaluation;

/// <summary>The question that Object HalBench puts to a language model, and the form its reply must have.</summary>
internal static class ObjectExtraction
{
    private const string Benchmark = "objhal";

    /// <summary>A response of so many words or fewer names no object, by the script's rule, and the model is not asked.</summary>
    private const int ShortResponse = 3;

    private static readonly string Template = EmbeddedData.ReadText("object-extraction-prompt.txt");

    /// <summary>Role and sampling of the published script: one system message, temperature 0.2, top p 1, 512 tokens.</summary>
    public static JudgeTask Task { get; } = new()
    {
        Benchmark = Benchmark,
        Template = Template,
        Role = ChatRole.System,
        Temperature = 0.2f,
        TopP = 1,
        MaxOutputTokens = 512,
        IsUsable = reply => Parse(reply) is not null,
    };

    public static string Prompt(string question, string response)
    {
        // One pass over the template: a question that contains "{answer}" must not become a second place for the answer.
        string[] parts = Template.Split("{question}");
        return string.Join(question, parts.Select(part => part.Replace("{answer}", response, StringComparison.Ordinal)));
    }

    public static bool IsAsked(string response) =>
        response.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length > ShortResponse;

    /// <summary>
    /// The objects of a reply, or null when it is no list of strings: the whole reply as JSON or, where it contains <c>["</c>, its last
    /// line.
    /// </summary>
    public static IReadOnlyList<string>? Parse(string reply)
    {
        string trimmed = reply.Trim();
        return ParseList(trimmed)
            ?? (trimmed.Contains("[\"", StringComparison.Ordinal) ? ParseList(trimmed[(trimmed.LastIndexOf('\n') + 1)..]) : null);
    }

    private static IReadOnlyList<string>? ParseList(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            JsonElement root = document.RootElement;
            return root.ValueKind == JsonValueKind.Array && root.EnumerateArray().All(e => e.ValueKind == JsonValueKind.String)
                ? [.. root.EnumerateArray().Select(e => e.GetString()!)]
                : null;
        }
        catch (JsonException)
        {
            return null; // Not JSON is an ordinary reply of a language model: the caller asks again and counts it.
        }
    }
}
