using RlhfV.ML.Captioning;

namespace RlhfV.ML.Saving;

/// <summary>A model that a saved manifest named, ready to answer.</summary>
/// <param name="ManifestText">The manifest as it was saved.</param>
/// <param name="ImageFolder">Where relative paths begin.</param>
/// <param name="Captioner">Answers.</param>
internal sealed record LoadedCaptioner(string ManifestText, string? ImageFolder, Captioner Captioner)
{
    public static LoadedCaptioner Load(string manifestText)
    {
        CaptionManifest manifest = CaptionManifest.FromText(manifestText);
        if (manifest.AdapterFiles is not null)
            throw AdapterNotShown();

        if (manifest.MoreImagesColumnName is { } more)
        {
            throw new InvalidDataException(
                $"The saved transformer reads further pictures from the column '{more}', which ML.NET's loader does not show to it. Load it with "
                + "mlContext.VisionLanguage.LoadTransformer.");
        }

        return new LoadedCaptioner(
            manifestText, manifest.ImageFolder, new Captioner(VisionLanguageModelStore.Share(manifest), manifest.ToOptions()));
    }

    /// <summary>ML.NET's loader does not show a component what else lies in the zip.</summary>
    public static InvalidDataException AdapterNotShown() => new(
        "The saved transformer has an adapter inside its zip, which ML.NET's loader does not show to it. Load it with "
        + "mlContext.VisionLanguage.LoadTransformer, or save it with AdapterStorage.Merged.");
}
