using System.Text.Json;

namespace RlhfV.Preferences;

/// <summary>What a judge answered.</summary>
/// <param name="Corrected">The whole answer after correction.</param>
/// <param name="Corrections">What it says to have corrected, for the types.</param>
internal sealed record CorrectionVerdict(string Corrected, IReadOnlyList<JudgedCorrection> Corrections)
{
    private const string Fence = "```";

    /// <summary>Reads a verdict strictly: one JSON object with exactly the two keys, perhaps inside one code fence.</summary>
    /// <exception cref="JsonException">The text is something else; the message is meant to be sent back to the judge.</exception>
    public static CorrectionVerdict Parse(string text, IReadOnlyList<HallucinationType> types)
    {
        using JsonDocument document = JsonText.Parse(WithoutFence(text.Trim()));
        RequireKeys(document.RootElement, "corrected", "corrections");
        return new(
            JsonText.RequireString(document.RootElement, "corrected"),
            [
                .. JsonText.RequireList(document.RootElement, "corrections").EnumerateArray()
                    .Select(element => ParseCorrection(element, types))
            ]);
    }

    private static JudgedCorrection ParseCorrection(JsonElement element, IReadOnlyList<HallucinationType> types)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw new JsonException($"a correction is a {element.ValueKind}, expected an object.");
        RequireKeys(element, "wrong", "right", "type");
        string code = JsonText.RequireString(element, "type");
        return string.IsNullOrWhiteSpace(code) || !types.Contains(new HallucinationType(code))
            ? throw new JsonException($"the type '{code}' is not one of {string.Join(", ", types)}.")
            : new(JsonText.RequireString(element, "wrong"), JsonText.RequireString(element, "right"), new HallucinationType(code));
    }

    private static void RequireKeys(JsonElement element, params ReadOnlySpan<string> keys)
    {
        foreach (JsonProperty property in element.EnumerateObject())
        {
            if (!keys.Contains(property.Name))
                throw new JsonException($"the key '{property.Name}' is not expected.");
        }
    }

    private static string WithoutFence(string text)
    {
        if (!text.StartsWith(Fence, StringComparison.Ordinal) || !text.EndsWith(Fence, StringComparison.Ordinal)
            || text.Length < 2 * Fence.Length)
            return text;
        int lineEnd = text.IndexOf('\n', StringComparison.Ordinal);
        return lineEnd < 0 ? text : text[lineEnd..^Fence.Length].Trim();
    }
}
