using System.Text.Json.Serialization;

namespace RlhfV.Preferences;

/// <summary>
/// The parts of an example for which a foreign format has no column of its own. It travels as a JSON object inside a text column that
/// the format's own readers parse and otherwise ignore (<c>origin_split</c>), or as a text column that they do not look at.
/// </summary>
/// <remarks>
/// A side-car file was the alternative. It was rejected because it goes stale when the file is renamed, filtered or rewritten;
/// the reference's own log-probability writer carries <c>origin_split</c> along unchanged.
/// </remarks>
internal sealed record ExampleDetails
{
    /// <summary>The model that wrote the rejected answer. Always written: readers of <c>origin_split</c> expect the key.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? Model { get; init; }

    /// <summary>The kind of question. Always written, as above.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? Type { get; init; }

    public string? Dataset { get; init; }

    public string? SourceDataset { get; init; }

    public string? Split { get; init; }

    public string? Id { get; init; }

    public IReadOnlyList<CorrectedSegment>? Segments { get; init; }

    public IReadOnlyList<PreferenceTurn>? History { get; init; }

    public ReferenceLogProbs? ReferenceLogProbs { get; init; }

    public IReadOnlyList<ImagePlace>? ImagePlaces { get; init; }
}
