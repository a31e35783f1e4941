using System.Text.Json.Serialization;

namespace RlhfV.ML.Saving;

/// <summary>Source-generated JSON of <see cref="CaptionManifest"/>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    IgnoreReadOnlyProperties = true,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(CaptionManifest))]
internal sealed partial class CaptionManifestJson : JsonSerializerContext;
