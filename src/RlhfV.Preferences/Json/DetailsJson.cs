using System.Text.Json;

namespace RlhfV.Preferences;

/// <summary>Moves the parts of an example for which a format has no column in and out of a JSON text.</summary>
internal static class DetailsJson
{
    /// <summary>The content of <c>origin_split</c>: model and type, and with <paramref name="keep"/> whatever else has no column.</summary>
    public static string WriteOriginSplit(PreferenceExample example, bool keep, string? unfitId) =>
        JsonSerializer.Serialize(
            new ExampleDetails
            {
                Model = example.Origin.Model,
                Type = example.Origin.QuestionType,
                Split = keep ? example.Origin.Split : null,
                Id = keep ? unfitId : null,
                Segments = keep && example.Segments.Count > 0 ? example.Segments : null,
                History = keep && example.History.Count > 0 ? example.History : null,
            },
            PreferenceJson.Details);

    /// <summary>Reads <c>origin_split</c>. A text that is no JSON object is taken as the plain name of a split.</summary>
    /// <exception cref="JsonException">A known key holds something that does not belong there.</exception>
    public static PreferenceExample ReadOriginSplit(PreferenceExample example, string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return example;
        if (!text.AsSpan().TrimStart().StartsWith('{'))
            return example with { Origin = example.Origin with { Split = text } };

        ExampleDetails details = JsonSerializer.Deserialize(text, PreferenceJson.Details)!;
        return example with
        {
            Segments = details.Segments ?? [],
            History = details.History ?? [],
            Origin = example.Origin with
            {
                Model = details.Model,
                QuestionType = details.Type,
                Split = details.Split,
                Id = details.Id ?? example.Origin.Id,
            },
        };
    }
}
