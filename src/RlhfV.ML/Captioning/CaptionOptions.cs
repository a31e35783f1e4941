using System.ComponentModel.DataAnnotations;
using RlhfV.Models.Generation;

namespace RlhfV.ML;

/// <summary>How a model is asked about the pictures of a column.</summary>
public sealed class CaptionOptions
{
    /// <summary>The default of <see cref="Prompt"/>.</summary>
    public const string DefaultPrompt = "Describe this image in detail.";

    /// <summary>
    /// The column of pictures: <see cref="Microsoft.ML.Data.MLImage"/>, a vector of bytes (an encoded PNG, JPEG, WebP, GIF or BMP) or text
    /// (a path). Bytes and paths are decoded as the model was trained, an MLImage has been decoded by ML.NET already: without EXIF
    /// orientation, transparent places black.
    /// </summary>
    /// <value>The default is "Image".</value>
    [Required]
    public string ImageColumnName { get; set; } = "Image";

    /// <summary>
    /// The text column of pictures behind the first, which the question is about as well: JSON, a list of
    /// <see cref="Preferences.PreferenceImage"/> as <see cref="Preferences.PreferenceJson"/> writes it; empty for one picture.
    /// </summary>
    /// <value>The default is null: "MoreImages" where the data has it, as data of <see cref="VisionLanguageCatalog.LoadPreferences(string, Preferences.PreferenceReadOptions?)"/> does.</value>
    public string? MoreImagesColumnName { get; set; }

    /// <summary>The text column of questions, or null to ask <see cref="Prompt"/> about every picture. Where it is empty, <see cref="Prompt"/> is asked.</summary>
    /// <value>The default is null.</value>
    public string? PromptColumnName { get; set; }

    /// <summary>The text column to add.</summary>
    /// <value>The default is "Caption".</value>
    [Required]
    public string OutputColumnName { get; set; } = "Caption";

    /// <summary>The question where the row has none.</summary>
    /// <value>The default is <see cref="DefaultPrompt"/>.</value>
    [Required]
    public string Prompt { get; set; } = DefaultPrompt;

    /// <summary>How answers are decoded. With a temperature and no seed, a seed is drawn from the MLContext's.</summary>
    /// <value>The default is greedy, up to 512 tokens.</value>
    [Required]
    public GenerationOptions Generation { get; set; } = new();

    /// <summary>Rows that are answered together when a whole <see cref="Microsoft.ML.IDataView"/> is read. An answer does not depend on it.</summary>
    /// <value>The default is 8.</value>
    [Range(1, 1024)]
    public int BatchSize { get; set; } = 8;

    /// <summary>Where relative paths of a path column, and of pictures behind the first, begin; null is the current directory.</summary>
    /// <value>The default is null.</value>
    public string? ImageFolder { get; set; }

    /// <summary>
    /// Told of each row whose picture or question cannot be used; the row's answer is then empty. Null throws at the first. It is not
    /// saved with a model.
    /// </summary>
    /// <value>The default is null.</value>
    public Action<RowDataException>? OnBadRow { get; set; }

    /// <summary>Looked at before every token. It is not saved with a model.</summary>
    /// <value>The default never cancels.</value>
    public CancellationToken CancellationToken { get; set; }

    /// <summary>A copy that later changes do not reach, after all checks.</summary>
    /// <exception cref="ArgumentException">One or more options are wrong; the message lists all of them.</exception>
    internal CaptionOptions Checked(string parameter)
    {
        List<string> mistakes = OptionsCheck.Annotations(this);
        if (Generation is not null)
            OptionsCheck.Add(mistakes, Generation.Validate);
        OptionsCheck.ThrowIfAny(mistakes, nameof(CaptionOptions), parameter);
        return (CaptionOptions)MemberwiseClone();
    }

    /// <summary>The same options with a seed where sampling needs one and has none.</summary>
    internal CaptionOptions Seeded(Random random)
    {
        var copy = (CaptionOptions)MemberwiseClone();
        if (Generation is { Temperature: > 0, Seed: null })
            copy.Generation = Generation with { Seed = random.Next() };
        return copy;
    }
}
