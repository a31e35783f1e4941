using System.Text.Json;
using System.Text.Json.Serialization;

namespace RlhfV.Preferences;

/// <summary>
/// A picture in our own JSON: an object of <c>bytes</c> (base64) and <c>path</c>. What people write by hand is read too: the path alone,
/// or a base64 data URI.
/// </summary>
internal sealed class PreferenceImageConverter : JsonConverter<PreferenceImage>
{
    private const string Bytes = "bytes";
    private const string Path = "path";

    /// <inheritdoc/>
    public override PreferenceImage Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return ImageJson.FromText(reader.GetString()!);
            case JsonTokenType.StartObject:
                return ReadObject(ref reader);
            default:
                throw new JsonException($"a picture is {Kind(reader.TokenType)}, expected a path, a base64 data URI, or {{\"bytes\", \"path\"}}.");
        }
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, PreferenceImage value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        if (value.Bytes is { } bytes)
            writer.WriteBase64String(Bytes, bytes.Span);
        if (value.Path is { } path)
            writer.WriteString(Path, path);
        writer.WriteEndObject();
    }

    private static string Kind(JsonTokenType token) => token switch
    {
        JsonTokenType.StartArray => "a list",
        JsonTokenType.StartObject => "an object",
        JsonTokenType.Number => "a number",
        _ => "true or false",
    };

    private static PreferenceImage ReadObject(ref Utf8JsonReader reader)
    {
        byte[]? bytes = null;
        string? path = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isBytes = reader.ValueTextEquals(Bytes);
            bool isPath = reader.ValueTextEquals(Path);
            reader.Read();
            if (!isBytes && !isPath)
                reader.Skip();
            else if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.Null))
                throw new JsonException($"'{(isBytes ? Bytes : Path)}' of a picture is {Kind(reader.TokenType)}, expected a text.");
            else if (isPath)
                path = reader.GetString();
            else if (reader.TokenType == JsonTokenType.Null)
                bytes = null;
            else if (!reader.TryGetBytesFromBase64(out bytes))
                throw new JsonException("a picture's bytes are not valid base64.");
        }

        return new PreferenceImage { Bytes = bytes is null ? null : (ReadOnlyMemory<byte>?)bytes, Path = path };
    }
}
