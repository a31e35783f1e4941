using System.Text.Json.Serialization;

namespace RlhfV.Preferences;

/// <summary>
/// Source-generated JSON of the records in this package: snake case names, absent instead of null. To write as our files do, use
/// <see cref="PreferenceJson.Options"/>.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(PreferenceImageConverter)])]
[JsonSerializable(typeof(PreferenceExample))]
[JsonSerializable(typeof(IReadOnlyList<PreferenceExample>))]
[JsonSerializable(typeof(IReadOnlyList<PreferenceImage>))]
[JsonSerializable(typeof(IReadOnlyList<ImagePlace>))]
[JsonSerializable(typeof(RefusedRow))]
public sealed partial class PreferenceJsonContext : JsonSerializerContext;
