namespace RlhfV.Preferences;

/// <summary>Filters over sequences of examples. All are lazy and keep the order.</summary>
public static class PreferenceFilters
{
    /// <summary>Keeps examples with at least one annotated segment of one of the types.</summary>
    /// <param name="examples">The examples.</param>
    /// <param name="types">The types.</param>
    public static IEnumerable<PreferenceExample> WithType(this IEnumerable<PreferenceExample> examples, params HallucinationType[] types)
    {
        ArgumentNullException.ThrowIfNull(examples);
        ArgumentNullException.ThrowIfNull(types);
        return examples.Where(example => example.Segments.Any(segment => types.Contains(segment.Type)));
    }

    /// <summary>Keeps examples whose rejected answer was written by one of the models.</summary>
    /// <param name="examples">The examples.</param>
    /// <param name="models">The models' names, compared letter by letter.</param>
    public static IEnumerable<PreferenceExample> FromModel(this IEnumerable<PreferenceExample> examples, params string[] models)
    {
        ArgumentNullException.ThrowIfNull(examples);
        ArgumentNullException.ThrowIfNull(models);
        return examples.Where(example => models.Contains(example.Origin.Model));
    }

    /// <summary>Keeps examples of one of the preference data sets.</summary>
    /// <param name="examples">The examples.</param>
    /// <param name="datasets">Values of <see cref="PreferenceOrigin.Dataset"/>.</param>
    public static IEnumerable<PreferenceExample> FromDataset(this IEnumerable<PreferenceExample> examples, params string[] datasets)
    {
        ArgumentNullException.ThrowIfNull(examples);
        ArgumentNullException.ThrowIfNull(datasets);
        return examples.Where(example => datasets.Contains(example.Origin.Dataset));
    }

    /// <summary>Keeps examples whose picture comes from one of the data sets.</summary>
    /// <param name="examples">The examples.</param>
    /// <param name="datasets">Values of <see cref="PreferenceOrigin.SourceDataset"/>.</param>
    public static IEnumerable<PreferenceExample> FromSource(this IEnumerable<PreferenceExample> examples, params string[] datasets)
    {
        ArgumentNullException.ThrowIfNull(examples);
        ArgumentNullException.ThrowIfNull(datasets);
        return examples.Where(example => datasets.Contains(example.Origin.SourceDataset));
    }
}
