using System.Text.Json;
using RlhfV.ML.Columns;
using RlhfV.Models.Generation;

namespace RlhfV.ML.Saving;

/// <summary>What a saved transformer needs to know: which files are its model, where they were, and how it asks.</summary>
internal sealed record CaptionManifest
{
    public const int CurrentFormat = 1;

    /// <summary>Version of this record. Readers refuse a newer one.</summary>
    public required int Format { get; init; }

    /// <summary>
    /// The model's folder when the transformer was saved: relative where it lay below the current directory, so that a manifest names no
    /// more of the machine than it has to, else a full path. Always with forward slashes.
    /// </summary>
    public required string Folder { get; init; }

    /// <summary>The files that make the model.</summary>
    public required IReadOnlyList<ModelFile> Files { get; init; }

    /// <summary>The files of an adapter inside the zip; null for none.</summary>
    public IReadOnlyList<ModelFile>? AdapterFiles { get; init; }

    /// <summary>The form in which pictures come; a saved transformer takes no other.</summary>
    public required ImageColumnKind ImageKind { get; init; }

    public required string ImageColumnName { get; init; }

    public string? PromptColumnName { get; init; }

    /// <summary>The column of pictures behind the first where one was named; null for the usual one where the data has it.</summary>
    public string? MoreImagesColumnName { get; init; }

    public required string OutputColumnName { get; init; }

    public required string Prompt { get; init; }

    public required GenerationOptions Generation { get; init; }

    public required int BatchSize { get; init; }

    public string? ImageFolder { get; init; }

    /// <summary>The name under which the model's folder is looked for in other places.</summary>
    public string Name => Folder[(Folder.LastIndexOf('/') + 1)..];

    /// <exception cref="InvalidOperationException">The model lies in no folder.</exception>
    public static CaptionManifest Of(CaptionTransformer transformer)
    {
        LearnedAdapter? adapter = transformer.SavesAdapter ? transformer.Adapter : null;
        string folder = adapter?.BaseFolder ?? transformer.Model.Folder
            ?? throw new InvalidOperationException(
                $"The model '{transformer.Model.Name}' lies in no folder, and ML.NET's zip does not hold weights. Save it first "
                + "(transformer.Model.Save(folder)), or use mlContext.VisionLanguage.SaveTransformer, which writes both.");
        string relative = Path.GetRelativePath(Environment.CurrentDirectory, folder);
        bool below = !Path.IsPathRooted(relative) && relative != ".." && !relative.StartsWith($"..{Path.DirectorySeparatorChar}", StringComparison.Ordinal);
        CaptionOptions options = transformer.Options;
        return new CaptionManifest
        {
            Format = CurrentFormat,
            Folder = (below ? relative : folder).Replace(Path.DirectorySeparatorChar, '/'),
            Files = ModelContents.Describe(folder),
            AdapterFiles = adapter is null ? null : ModelContents.Describe(adapter.Folder),
            ImageKind = transformer.ImageKind,
            ImageColumnName = options.ImageColumnName,
            PromptColumnName = options.PromptColumnName,
            MoreImagesColumnName = options.MoreImagesColumnName,
            OutputColumnName = options.OutputColumnName,
            Prompt = options.Prompt,
            Generation = options.Generation,
            BatchSize = options.BatchSize,
            ImageFolder = options.ImageFolder,
        };
    }

    /// <summary>Base64 of UTF-8 JSON: letters that ML.NET's expression language takes as they are.</summary>
    public string ToText() => Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(this, CaptionManifestJson.Default.CaptionManifest));

    /// <exception cref="InvalidDataException">The text is no manifest, or one of a newer version.</exception>
    public static CaptionManifest FromText(string text)
    {
        CaptionManifest manifest;
        try
        {
            manifest = JsonSerializer.Deserialize(Convert.FromBase64String(text), CaptionManifestJson.Default.CaptionManifest)!;
        }
        catch (Exception problem) when (problem is FormatException or JsonException)
        {
            throw new InvalidDataException("The saved caption transformer holds no readable manifest; the file is damaged. Save it again.", problem);
        }

        return manifest.Format <= CurrentFormat
            ? manifest
            : throw new InvalidDataException(
                $"The saved caption transformer has format {manifest.Format}; this version reads up to {CurrentFormat}. Update the RlhfV.ML package.");
    }

    /// <summary>The options of the transformer.</summary>
    public CaptionOptions ToOptions() => new()
    {
        ImageColumnName = ImageColumnName,
        PromptColumnName = PromptColumnName,
        MoreImagesColumnName = MoreImagesColumnName,
        OutputColumnName = OutputColumnName,
        Prompt = Prompt,
        Generation = Generation,
        BatchSize = BatchSize,
        ImageFolder = ImageFolder,
    };
}
