using System.Text.Json.Serialization;

namespace RlhfV.Evaluation;

/// <summary>The stored form of judge replies.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(JudgeReply))]
internal sealed partial class JudgeJson : JsonSerializerContext;
