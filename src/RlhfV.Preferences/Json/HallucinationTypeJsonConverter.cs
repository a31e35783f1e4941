using System.Text.Json;
using System.Text.Json.Serialization;

namespace RlhfV.Preferences;

/// <summary>Writes a <see cref="HallucinationType"/> as its code.</summary>
internal sealed class HallucinationTypeJsonConverter : JsonConverter<HallucinationType>
{
    public override HallucinationType Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        string? code = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        return string.IsNullOrWhiteSpace(code)
            ? throw new JsonException($"A hallucination type is a code such as 'object', found a {reader.TokenType} that is none.")
            : new HallucinationType(code);
    }

    public override void Write(Utf8JsonWriter writer, HallucinationType value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Code);
}
