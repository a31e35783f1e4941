using System.Text.Json;
using RlhfV.Goldens;

namespace RlhfV.Models.Prompting.Tests;

/// <summary>Stored conversations of a family with the text the reference makes of them.</summary>
internal static class ChatGoldens
{
    /// <summary>Compares every stored conversation; a conversation that ends with the user's turn asks for the generation prompt.</summary>
    /// <returns>How many there were.</returns>
    public static int Check(ChatTemplate template, string family)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(GoldenData.Path("hf", family, "expected.json")));
        int count = 0;
        foreach (JsonProperty entry in document.RootElement.GetProperty("cases").EnumerateObject())
        {
            if (!entry.Value.TryGetProperty("messages", out JsonElement messages)
                || !entry.Value.TryGetProperty("text", out JsonElement text))
                continue;
            Prompt prompt = Read(messages);
            Assert.Equal(text.GetString(), template.Render(prompt, prompt.Turns[^1].Role == PromptRole.User));
            count++;
        }

        return count;
    }

    /// <summary>
    /// The same for the conversations in the original layout, whose turns are texts that begin with the picture's marker.
    /// </summary>
    public static int CheckOriginalLlava(ChatTemplate template)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(GoldenData.Path("hf", "llava", "original", "expected.json")));
        int count = 0;
        foreach (JsonProperty entry in document.RootElement.GetProperty("cases").EnumerateObject())
        {
            Prompt prompt = ReadOriginal(entry.Value);
            Assert.Equal(entry.Value.GetProperty("prompt").GetString(), template.Render(prompt, addGenerationPrompt: true));
            prompt = prompt.WithAnswer(entry.Value.GetProperty("answer").GetString()!);
            Assert.Equal(entry.Value.GetProperty("train_text").GetString(), template.Render(prompt, addGenerationPrompt: false));
            count++;
        }

        return count;
    }

    public static Prompt ReadOriginal(JsonElement entry)
    {
        var turns = new List<PromptTurn>();
        foreach (JsonElement turn in entry.GetProperty("turns").EnumerateArray())
        {
            string text = turn.GetString()!;
            PromptPart[] parts = text.StartsWith("<image>\n", StringComparison.Ordinal)
                ? [new ImagePart(ImageSource.FromFile("unused.png")), new TextPart(text["<image>\n".Length..])]
                : [new TextPart(text)];
            turns.Add(new PromptTurn(turns.Count % 2 == 0 ? PromptRole.User : PromptRole.Assistant, parts));
        }

        return new Prompt(turns);
    }

    public static Prompt Read(JsonElement messages)
    {
        var turns = new List<PromptTurn>();
        string? system = null;
        foreach (JsonElement message in messages.EnumerateArray())
        {
            JsonElement content = message.GetProperty("content");
            PromptPart[] parts = content.ValueKind == JsonValueKind.String
                ? [new TextPart(content.GetString()!)]
                : [.. content.EnumerateArray().Select(Part)];
            string role = message.GetProperty("role").GetString()!;
            if (role == "system")
                system = string.Concat(parts.Cast<TextPart>().Select(p => p.Text));
            else
                turns.Add(new PromptTurn(role == "user" ? PromptRole.User : PromptRole.Assistant, parts));
        }

        return new Prompt(turns, system);
    }

    private static PromptPart Part(JsonElement part) => part.GetProperty("type").GetString() == "text"
        ? new TextPart(part.GetProperty("text").GetString()!)
        : new ImagePart(ImageSource.FromFile("unused.png"));
}
