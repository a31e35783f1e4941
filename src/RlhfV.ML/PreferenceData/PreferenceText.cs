using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using RlhfV.Preferences;

namespace RlhfV.ML.PreferenceData;

/// <summary>Parts of an example as JSON in a text column.</summary>
internal static class PreferenceText
{
    /// <summary>A list as JSON, or null for an empty one.</summary>
    public static string? Write<T>(IReadOnlyList<T> list) => list.Count == 0 ? null : JsonSerializer.Serialize(list, TypeInfo<IReadOnlyList<T>>());

    /// <summary>The log-probabilities as JSON, or null for none.</summary>
    public static string? Write(ReferenceLogProbs? logProbs) => logProbs is null ? null : JsonSerializer.Serialize(logProbs, TypeInfo<ReferenceLogProbs>());

    /// <exception cref="JsonException">The text is no such list, or an entry of it is null.</exception>
    public static IReadOnlyList<T> Read<T>(string text)
    {
        IReadOnlyList<T> list = JsonSerializer.Deserialize(text, TypeInfo<IReadOnlyList<T>>()) ?? [];
        for (int i = 0; i < list.Count; i++)
        {
            if (list[i] is null)
                throw new JsonException($"entry {i + 1} of {list.Count} is null; leave it out.");
        }

        return list;
    }

    /// <exception cref="JsonException">The text is no such object.</exception>
    public static ReferenceLogProbs? ReadLogProbs(string text) => JsonSerializer.Deserialize(text, TypeInfo<ReferenceLogProbs>());

    private static JsonTypeInfo<T> TypeInfo<T>() => (JsonTypeInfo<T>)PreferenceJson.Options.GetTypeInfo(typeof(T));
}
