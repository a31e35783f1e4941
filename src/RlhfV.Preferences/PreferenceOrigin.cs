namespace RlhfV.Preferences;

/// <summary>Where an example comes from. Every part is optional; null means unknown.</summary>
public sealed record PreferenceOrigin
{
    /// <summary>Nothing is known.</summary>
    public static PreferenceOrigin Unknown { get; } = new();

    /// <summary>Name of the preference data set, for example <c>RLHF-V</c>.</summary>
    public string? Dataset { get; init; }

    /// <summary>Name of the data set that the picture was taken from.</summary>
    public string? SourceDataset { get; init; }

    /// <summary>Split of the source, or null.</summary>
    public string? Split { get; init; }

    /// <summary>The example's identifier within <see cref="Dataset"/>.</summary>
    public string? Id { get; init; }

    /// <summary>The model that wrote the rejected answer.</summary>
    public string? Model { get; init; }

    /// <summary>Kind of question, for example <c>detailed_description</c>.</summary>
    public string? QuestionType { get; init; }
}
