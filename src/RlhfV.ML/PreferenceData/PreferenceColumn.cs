using Microsoft.ML;
using Microsoft.ML.Data;
using RlhfV.Preferences;

namespace RlhfV.ML.PreferenceData;

/// <summary>A text column of preference data: how an example becomes its value, and back.</summary>
/// <param name="Name">The usual name.</param>
/// <param name="Write">The value; null for none.</param>
/// <param name="Read">The example with the value, which is not empty.</param>
internal sealed record PreferenceColumn(
    string Name, Func<PreferenceExample, string?> Write, Func<PreferenceExample, string, PreferenceExample> Read)
{
    /// <summary>The column of encoded pictures, of several the first; the only one that is not text.</summary>
    public const string Image = "Image";

    public const string Prompt = "Prompt";

    public const string Chosen = "Chosen";

    public const string Rejected = "Rejected";

    public const string Segments = "Segments";

    public const string History = "History";

    public const string Id = "Id";

    public const string ReferenceLogProbs = "ReferenceLogProbs";

    public const string ImagePath = "ImagePath";

    public const string MoreImages = "MoreImages";

    public const string ImagePlaces = "ImagePlaces";

    /// <summary>All text columns in the order in which a view shows them behind <see cref="Image"/>. Together they hold all of an example.</summary>
    public static IReadOnlyList<PreferenceColumn> Texts { get; } =
    [
        new(Prompt, e => e.Prompt, (e, text) => e with { Prompt = text }),
        new(Chosen, e => e.Chosen, (e, text) => e with { Chosen = text }),
        new(Rejected, e => e.Rejected, (e, text) => e with { Rejected = text }),
        new(Segments, e => PreferenceText.Write(e.Segments), (e, text) => e with { Segments = PreferenceText.Read<CorrectedSegment>(text) }),
        new(History, e => PreferenceText.Write(e.History), (e, text) => e with { History = PreferenceText.Read<PreferenceTurn>(text) }),
        new(ImagePath, e => e.Image?.Path, (e, text) => e with { Image = (e.Image ?? new PreferenceImage()) with { Path = text } }),
        new(Id, e => e.Origin.Id, (e, text) => e with { Origin = e.Origin with { Id = text } }),
        new("Dataset", e => e.Origin.Dataset, (e, text) => e with { Origin = e.Origin with { Dataset = text } }),
        new("SourceDataset", e => e.Origin.SourceDataset, (e, text) => e with { Origin = e.Origin with { SourceDataset = text } }),
        new("Split", e => e.Origin.Split, (e, text) => e with { Origin = e.Origin with { Split = text } }),
        new("Model", e => e.Origin.Model, (e, text) => e with { Origin = e.Origin with { Model = text } }),
        new("QuestionType", e => e.Origin.QuestionType, (e, text) => e with { Origin = e.Origin with { QuestionType = text } }),
        new(
            ReferenceLogProbs,
            e => PreferenceText.Write(e.ReferenceLogProbs),
            (e, text) => e with { ReferenceLogProbs = PreferenceText.ReadLogProbs(text) }),
        new(MoreImages, e => PreferenceText.Write(e.MoreImages), (e, text) => e with { MoreImages = PreferenceText.Read<PreferenceImage>(text) }),
        new(ImagePlaces, e => PreferenceText.Write(e.ImagePlaces), (e, text) => e with { ImagePlaces = PreferenceText.Read<ImagePlace>(text) }),
    ];

    /// <summary>The schema of a view of preference data.</summary>
    public static DataViewSchema Schema { get; } = MakeSchema();

    private static DataViewSchema MakeSchema()
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn(Image, new VectorDataViewType(NumberDataViewType.Byte));
        foreach (PreferenceColumn column in Texts)
            builder.AddColumn(column.Name, TextDataViewType.Instance);
        return builder.ToSchema();
    }
}
