using System.Text.Json;

namespace RlhfV.Models.Architectures;

/// <summary>Reads values of a model's JSON configuration; every refusal names file, key, found and expected.</summary>
/// <param name="json">A JSON object.</param>
/// <param name="where">File and path of the object, for messages.</param>
internal sealed class ConfigReader(JsonElement json, string where)
{
    public static ConfigReader Open(string file)
    {
        try
        {
            using FileStream stream = File.OpenRead(file);
            using var document = JsonDocument.Parse(stream);
            return new ConfigReader(document.RootElement.Clone(), file);
        }
        catch (JsonException e)
        {
            throw new ModelFormatException($"'{file}' is not valid JSON: {e.Message} Fetch it again from where the model was published.", e);
        }
    }

    public string Where { get; } = where;

    public JsonElement Json { get; } = json.ValueKind == JsonValueKind.Object
        ? json
        : throw new ModelFormatException($"{where}: expected a JSON object, found {json.ValueKind}.");

    public bool Has(string key) => Json.TryGetProperty(key, out JsonElement value) && value.ValueKind != JsonValueKind.Null;

    public ConfigReader Object(string key) => Has(key)
        ? new ConfigReader(Json.GetProperty(key), $"{Where}: '{key}'")
        : throw new ModelFormatException($"{Where}: '{key}' is missing; expected a JSON object.");

    public long Integer(string key, long absent)
    {
        if (!Has(key))
        {
            return absent;
        }

        JsonElement value = Json.GetProperty(key);
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number)
            ? number
            : throw Wrong(key, value, "a whole number");
    }

    /// <summary>A number of rows, columns, layers or heads: 1 or more, and small enough to count with.</summary>
    public long Size(string key, long absent) => Integer(key, absent) is >= 1 and <= int.MaxValue and long size
        ? size
        : throw Wrong(key, Json.GetProperty(key), $"a whole number from 1 to {int.MaxValue}");

    public double Number(string key, double absent)
    {
        if (!Has(key))
        {
            return absent;
        }

        JsonElement value = Json.GetProperty(key);
        return value.ValueKind == JsonValueKind.Number ? value.GetDouble() : throw Wrong(key, value, "a number");
    }

    public bool Boolean(string key, bool absent)
    {
        if (!Has(key))
        {
            return absent;
        }

        JsonElement value = Json.GetProperty(key);
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Wrong(key, value, "true or false");
    }

    public IReadOnlyList<long> Integers(string key, IReadOnlyList<long> absent) => Has(key)
        ? [.. Items(key, "whole numbers", item => item.ValueKind == JsonValueKind.Number && item.TryGetInt64(out _)).Select(item => item.GetInt64())]
        : absent;

    public IReadOnlyList<string> Texts(string key) => Has(key)
        ? [.. Items(key, "texts", item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)]
        : [];

    public string Text(string key, string absent)
    {
        if (!Has(key))
        {
            return absent;
        }

        JsonElement value = Json.GetProperty(key);
        return value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Wrong(key, value, "a text");
    }

    public string RequireOneOf(string key, string absent, ReadOnlySpan<string> allowed)
    {
        string value = Text(key, absent);
        return allowed.Contains(value)
            ? value
            : throw new ModelFormatException($"{Where}: '{key}' is '{value}'; supported: {string.Join(", ", allowed!)}.");
    }

    public void RequireDivides(string smallKey, long small, string largeKey, long large)
    {
        if (small <= 0 || large <= 0 || large % small != 0)
        {
            throw new ModelFormatException($"{Where}: '{smallKey}' ({small}) must divide '{largeKey}' ({large}).");
        }
    }

    private JsonElement.ArrayEnumerator Items(string key, string kind, Func<JsonElement, bool> fits)
    {
        JsonElement value = Json.GetProperty(key);
        return value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(fits)
            ? value.EnumerateArray()
            : throw Wrong(key, value, $"a list of {kind}");
    }

    private ModelFormatException Wrong(string key, JsonElement value, string expected) =>
        new($"{Where}: '{key}' is {value.GetRawText()}; expected {expected}.");
}
