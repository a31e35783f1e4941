using System.Text.Json.Serialization;

namespace RlhfV.Preferences;

/// <summary>Source-generated JSON of <see cref="ExampleDetails"/>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ExampleDetails))]
internal sealed partial class DetailsJsonContext : JsonSerializerContext;
