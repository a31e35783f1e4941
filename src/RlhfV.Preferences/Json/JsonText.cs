using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace RlhfV.Preferences;

/// <summary>JSON inside text columns.</summary>
internal static class JsonText
{
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
            write(writer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Parses an object.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static JsonDocument Parse(string text) => RequireObject(JsonDocument.Parse(text));

    /// <summary>Parses an object.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> text) => RequireObject(JsonDocument.Parse(text));

    /// <summary>The text under a key.</summary>
    /// <exception cref="JsonException">The key is missing or holds something else.</exception>
    public static string RequireString(JsonElement element, string key)
    {
        if (!element.TryGetProperty(key, out JsonElement value))
            throw new JsonException($"the key '{key}' is missing; there are {string.Join(", ", element.EnumerateObject().Select(p => p.Name))}.");
        return value.ValueKind == JsonValueKind.String
            ? AsString(value, key)
            : throw new JsonException($"the key '{key}' holds a {value.ValueKind}, expected a text.");
    }

    /// <summary>The text under a key; null when the key is missing or null.</summary>
    /// <exception cref="JsonException">The key holds something else.</exception>
    public static string? OptionalString(JsonElement element, string key) =>
        element.TryGetProperty(key, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? RequireString(element, key) : null;

    private static JsonDocument RequireObject(JsonDocument document)
    {
        if (document.RootElement.ValueKind == JsonValueKind.Object)
            return document;
        JsonValueKind kind = document.RootElement.ValueKind;
        document.Dispose();
        throw new JsonException($"is a JSON {kind}, expected an object.");
    }

    private static string AsString(JsonElement value, string key)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException problem) // half a surrogate pair as an escape, or bytes that are no UTF-8
        {
            throw new JsonException($"the key '{key}' holds text that is not valid Unicode.", problem);
        }
    }
}
