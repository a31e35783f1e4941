using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace RlhfV.Preferences;

/// <summary>JSON inside text columns.</summary>
internal static class JsonText
{
    /// <summary>How the serializer begins the list of required keys that are not there.</summary>
    private const string MissingKeys = "missing required properties including: ";

    /// <summary>How it begins to say that a value is of another kind; the type follows.</summary>
    private const string OtherKind = "The JSON value could not be converted to ";

    private static readonly (string Type, string Expected)[] Kinds =
    [
        ("System.Collections.Generic.IReadOnlyList", "a list"),
        ("RlhfV.Preferences.TextSpan", "a stretch of text such as {\"start\": 0, \"length\": 3}"),
        ("RlhfV.Preferences.PreferenceExample", "one JSON object on one line"),
        ("RlhfV.Preferences.", "an object"),
    ];

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
    public static JsonDocument Parse(ReadOnlyMemory<byte> text) =>
        Utf8.IsValid(text.Span) ? RequireObject(JsonDocument.Parse(text)) : throw new JsonException("is not valid UTF-8.");

    /// <summary>The text that an element is.</summary>
    /// <exception cref="JsonException">It is something else; <paramref name="what"/> names it.</exception>
    public static string AsString(JsonElement value, string what)
    {
        if (value.ValueKind != JsonValueKind.String)
            throw new JsonException($"{what} is a {value.ValueKind}, expected a text.");
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException problem) // half a surrogate pair as an escape, or bytes that are no UTF-8
        {
            throw new JsonException($"{what} holds text that is not valid Unicode.", problem);
        }
    }

    /// <summary>What is under a key.</summary>
    /// <exception cref="JsonException">The key is missing.</exception>
    public static JsonElement Require(JsonElement element, string key) => element.TryGetProperty(key, out JsonElement value)
        ? value
        : throw new JsonException(
            $"the key '{key}' is missing; there {Present([.. element.EnumerateObject().Select(Describe)])}.");

    /// <summary>The list under a key.</summary>
    /// <exception cref="JsonException">The key is missing or holds something else.</exception>
    public static JsonElement RequireList(JsonElement element, string key) =>
        Require(element, key) is { ValueKind: JsonValueKind.Array } list
        ? list
        : throw new JsonException($"the key '{key}' is no list.");

    /// <summary>The text under a key.</summary>
    /// <exception cref="JsonException">The key is missing or holds something else.</exception>
    public static string RequireString(JsonElement element, string key) => AsString(Require(element, key), $"the key '{key}'");

    /// <summary>The whole number under a key.</summary>
    /// <exception cref="JsonException">The key is missing or holds something else.</exception>
    public static long RequireInteger(JsonElement element, string key)
    {
        JsonElement value = Require(element, key);
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number)
            ? number
            : throw new JsonException($"the key '{key}' is {value.GetRawText()}, expected a whole number.");
    }

    /// <summary>The text under a key; null when the key is missing or null.</summary>
    /// <exception cref="JsonException">The key holds something else.</exception>
    public static string? OptionalString(JsonElement element, string key) =>
        element.TryGetProperty(key, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? RequireString(element, key) : null;

    /// <summary>
    /// What is wrong, in words for who wrote the file: without the place that the serializer appends, which counts lines and bytes from 0
    /// within the one row that is read where messages name the file's row and its column, and without the types it was read into.
    /// </summary>
    public static string Reason(JsonException problem)
    {
        if (problem.InnerException is InvalidOperationException value)
            return value.Message; // a text or number that is none; the serializer itself names the object around it

        string reason = problem.Message;
        int place = reason.IndexOf(" Path: $", StringComparison.Ordinal);
        if (place < 0)
            place = reason.IndexOf(" LineNumber: ", StringComparison.Ordinal);
        if (place >= 0)
            reason = reason[..place];
        int missing = reason.IndexOf(MissingKeys, StringComparison.Ordinal);
        if (missing >= 0)
            return $"is missing the key {reason[(missing + MissingKeys.Length)..]}";
        return reason.StartsWith(OtherKind, StringComparison.Ordinal)
            ? $"is not {Kinds.FirstOrDefault(kind => reason.AsSpan(OtherKind.Length).StartsWith(kind.Type)).Expected ?? "of the kind that belongs there"}."
            : reason;
    }

    private static string Present(string[] keys) => keys.Length == 0 ? "is no key at all" : $"are {string.Join(", ", keys)}";

    private static string Describe(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException) // half a surrogate pair as an escape
        {
            return "one that is not valid Unicode";
        }
    }

    private static JsonDocument RequireObject(JsonDocument document)
    {
        if (document.RootElement.ValueKind == JsonValueKind.Object)
            return document;
        JsonValueKind kind = document.RootElement.ValueKind;
        document.Dispose();
        throw new JsonException($"is a JSON {kind}, expected an object.");
    }
}
