using System.ComponentModel.DataAnnotations;

namespace RlhfV.ML;

/// <summary>
/// Which columns of an <see cref="Microsoft.ML.IDataView"/> hold what people said. The defaults are the columns that
/// <see cref="VisionLanguageCatalog.LoadPreferences(string, Preferences.PreferenceReadOptions?)"/> gives. A name that is null stands for the
/// usual column where the data has it.
/// </summary>
public sealed class PreferenceColumnNames
{
    /// <summary>The column of pictures: <see cref="Microsoft.ML.Data.MLImage"/>, a vector of bytes or text (a path). An empty value means no picture.</summary>
    /// <value>The default is "Image".</value>
    [Required]
    public string ImageColumnName { get; set; } = "Image";

    /// <summary>The text column of questions.</summary>
    /// <value>The default is "Prompt".</value>
    [Required]
    public string PromptColumnName { get; set; } = "Prompt";

    /// <summary>The text column of preferred (corrected) answers.</summary>
    /// <value>The default is "Chosen".</value>
    [Required]
    public string ChosenColumnName { get; set; } = "Chosen";

    /// <summary>The text column of dispreferred answers.</summary>
    /// <value>The default is "Rejected".</value>
    [Required]
    public string RejectedColumnName { get; set; } = "Rejected";

    /// <summary>
    /// The text column of corrections: JSON, a list of <see cref="Preferences.CorrectedSegment"/> as <see cref="Preferences.PreferenceJson"/>
    /// writes it; empty where they have to be found by comparing the answers.
    /// </summary>
    /// <value>The default is null: "Segments" where the data has it.</value>
    public string? SegmentsColumnName { get; set; }

    /// <summary>The text column of turns before the question: JSON, a list of <see cref="Preferences.PreferenceTurn"/>; empty for none.</summary>
    /// <value>The default is null: "History" where the data has it.</value>
    public string? HistoryColumnName { get; set; }

    /// <summary>The text column of identifiers, which messages name.</summary>
    /// <value>The default is null: "Id" where the data has it.</value>
    public string? IdColumnName { get; set; }

    /// <summary>
    /// The text column of reference log-probabilities, as <see cref="ReferenceLogProbsEstimator"/> makes it. A trainer that is given its name
    /// takes them from there and skips its own reference pass; they must be of the model that is trained.
    /// </summary>
    /// <value>The default is null: trainers compute their own, and others read "ReferenceLogProbs" where the data has it.</value>
    public string? ReferenceLogProbsColumnName { get; set; }

    /// <summary>
    /// The text column of pictures behind the first: JSON, a list of <see cref="Preferences.PreferenceImage"/> as
    /// <see cref="Preferences.PreferenceJson"/> writes it; empty for one picture or none.
    /// </summary>
    /// <value>The default is null: "MoreImages" where the data has it.</value>
    public string? MoreImagesColumnName { get; set; }

    /// <summary>Where relative paths of a path column, and of pictures behind the first, begin; null is the current directory.</summary>
    /// <value>The default is null.</value>
    public string? ImageFolder { get; set; }

    /// <summary>A copy that later changes do not reach, after all checks.</summary>
    /// <exception cref="ArgumentException">One or more names are wrong; the message lists all of them.</exception>
    internal PreferenceColumnNames Checked(string parameter)
    {
        OptionsCheck.ThrowIfAny(OptionsCheck.Annotations(this), nameof(PreferenceColumnNames), parameter);
        return (PreferenceColumnNames)MemberwiseClone();
    }
}
