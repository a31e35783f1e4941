using System.Text.Json;

namespace RlhfV.Preferences;

/// <summary>Moves the parts of an example for which a format has no column in and out of a JSON text.</summary>
internal static class DetailsJson
{
    /// <summary>Name of the text column that holds the details in formats of conversations. Their own readers do not look at it.</summary>
    public const string Column = "rlhfv";

    /// <summary>The content of <c>origin_split</c>: model and type, and with <paramref name="keep"/> whatever else has no column.</summary>
    public static string WriteOriginSplit(PreferenceExample example, bool keep, string? unfitId, bool keepLogProbs) =>
        JsonSerializer.Serialize(
            new ExampleDetails
            {
                Model = example.Origin.Model,
                Type = example.Origin.QuestionType,
                Split = keep ? example.Origin.Split : null,
                Id = keep ? unfitId : null,
                Segments = keep && example.Segments.Count > 0 ? example.Segments : null,
                History = keep && example.History.Count > 0 ? example.History : null,
                ReferenceLogProbs = keep && keepLogProbs ? example.ReferenceLogProbs : null,
                ImagePlaces = keep && example.ImagePlaces.Count > 0 ? example.ImagePlaces : null,
            },
            PreferenceJson.Details);

    /// <summary>
    /// The content of <see cref="Column"/>: all that a format of conversations has no column for; null when that is nothing.
    /// </summary>
    public static string? WriteColumn(PreferenceExample example)
    {
        if (example.Segments.Count == 0 && example.ImagePlaces.Count == 0 && example.Origin == PreferenceOrigin.Unknown
            && example.ReferenceLogProbs is null)
        {
            return null;
        }

        return JsonSerializer.Serialize(
            new ExampleDetails
            {
                Model = example.Origin.Model,
                Type = example.Origin.QuestionType,
                Dataset = example.Origin.Dataset,
                SourceDataset = example.Origin.SourceDataset,
                Split = example.Origin.Split,
                Id = example.Origin.Id,
                Segments = example.Segments.Count > 0 ? example.Segments : null,
                ReferenceLogProbs = example.ReferenceLogProbs,
                ImagePlaces = example.ImagePlaces.Count > 0 ? example.ImagePlaces : null,
            },
            PreferenceJson.Details);
    }

    /// <summary>Reads <see cref="Column"/>; null when it is empty.</summary>
    /// <exception cref="JsonException">It is no such JSON.</exception>
    public static ExampleDetails? ParseColumn(string? text) => string.IsNullOrWhiteSpace(text) ? null : Parse(text);

    /// <summary>Reads <see cref="Column"/> into an example.</summary>
    /// <exception cref="JsonException">It is no such JSON.</exception>
    public static PreferenceExample ReadColumn(PreferenceExample example, string? text) => Apply(example, ParseColumn(text));

    /// <summary>Gives an example the details that stood in <see cref="Column"/>.</summary>
    public static PreferenceExample Apply(PreferenceExample example, ExampleDetails? details)
    {
        if (details is null)
            return example;
        return example with
        {
            ImagePlaces = details.ImagePlaces ?? example.ImagePlaces,
            Segments = details.Segments ?? [],
            ReferenceLogProbs = details.ReferenceLogProbs,
            Origin = new PreferenceOrigin
            {
                Dataset = details.Dataset,
                SourceDataset = details.SourceDataset,
                Split = details.Split,
                Id = details.Id,
                Model = details.Model,
                QuestionType = details.Type,
            },
        };
    }

    /// <summary>Reads <c>origin_split</c>. A text that is no JSON object is taken as the plain name of a split.</summary>
    /// <exception cref="JsonException">A known key holds something that does not belong there.</exception>
    public static PreferenceExample ReadOriginSplit(PreferenceExample example, string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return example;
        if (!text.AsSpan().TrimStart().StartsWith('{'))
            return example with { Origin = example.Origin with { Split = text } };

        ExampleDetails details = Parse(text);
        return example with
        {
            Segments = details.Segments ?? [],
            History = details.History ?? [],
            ReferenceLogProbs = example.ReferenceLogProbs ?? details.ReferenceLogProbs,
            ImagePlaces = details.ImagePlaces ?? [],
            Origin = example.Origin with
            {
                Model = details.Model,
                QuestionType = details.Type,
                Split = details.Split,
                Id = details.Id ?? example.Origin.Id,
            },
        };
    }

    private static ExampleDetails Parse(string text) =>
        JsonSerializer.Deserialize(text, PreferenceJson.Details) ?? throw new JsonException("is null, expected a JSON object.");
}
