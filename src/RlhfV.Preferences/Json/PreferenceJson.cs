using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace RlhfV.Preferences;

/// <summary>The JSON form of an example, as our own JSON lines hold it.</summary>
public static class PreferenceJson
{
    /// <summary>
    /// The options of <see cref="PreferenceJsonContext"/> with relaxed escaping (texts of any language stay readable) and without
    /// empty lists and empty origins. Not for embedding into HTML.
    /// </summary>
    public static JsonSerializerOptions Options { get; } = MakeOptions();

    internal static JsonTypeInfo<PreferenceExample> Example { get; } =
        (JsonTypeInfo<PreferenceExample>)Options.GetTypeInfo(typeof(PreferenceExample));

    internal static JsonTypeInfo<RefusedRow> Refused { get; } = (JsonTypeInfo<RefusedRow>)Options.GetTypeInfo(typeof(RefusedRow));

    internal static JsonTypeInfo<ExampleDetails> Details { get; } =
        new DetailsJsonContext(
            new JsonSerializerOptions(DetailsJsonContext.Default.Options!) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping })
            .ExampleDetails;

    private static JsonSerializerOptions MakeOptions()
    {
        var options = new JsonSerializerOptions(PreferenceJsonContext.Default.Options!)
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            TypeInfoResolver = PreferenceJsonContext.Default.WithAddedModifier(SkipEmpty),
        };
        options.MakeReadOnly();
        return options;
    }

    private static void SkipEmpty(JsonTypeInfo info)
    {
        foreach (JsonPropertyInfo property in info.Properties)
        {
            if (property.PropertyType == typeof(IReadOnlyList<CorrectedSegment>))
                property.ShouldSerialize = static (_, value) => value is IReadOnlyList<CorrectedSegment> { Count: > 0 };
            else if (property.PropertyType == typeof(IReadOnlyList<PreferenceTurn>))
                property.ShouldSerialize = static (_, value) => value is IReadOnlyList<PreferenceTurn> { Count: > 0 };
            else if (property.PropertyType == typeof(IReadOnlyList<PreferenceImage>))
                property.ShouldSerialize = static (_, value) => value is IReadOnlyList<PreferenceImage> { Count: > 0 };
            else if (property.PropertyType == typeof(IReadOnlyList<ImagePlace>))
                property.ShouldSerialize = static (_, value) => value is IReadOnlyList<ImagePlace> { Count: > 0 };
            else if (property.PropertyType == typeof(PreferenceOrigin))
                property.ShouldSerialize = static (_, value) => value is PreferenceOrigin origin && origin != PreferenceOrigin.Unknown;
        }
    }
}
