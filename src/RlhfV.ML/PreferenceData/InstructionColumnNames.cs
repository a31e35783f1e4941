using System.ComponentModel.DataAnnotations;
using RlhfV.ML.PreferenceData;

namespace RlhfV.ML;

/// <summary>
/// Which columns of an <see cref="Microsoft.ML.IDataView"/> hold questions and the answers to imitate. The defaults are columns that
/// <see cref="VisionLanguageCatalog.LoadPreferences(string, Preferences.PreferenceReadOptions?)"/> gives: the corrected answers.
/// </summary>
public sealed class InstructionColumnNames
{
    /// <summary>The parts of a preference that make an instruction.</summary>
    internal static IReadOnlySet<string> Parts { get; } =
        new HashSet<string>
        {
            PreferenceColumn.Prompt, PreferenceColumn.Chosen, PreferenceColumn.History, PreferenceColumn.Id, PreferenceColumn.ImagePath,
            PreferenceColumn.MoreImages, PreferenceColumn.ImagePlaces,
        };

    /// <summary>The column of pictures: <see cref="Microsoft.ML.Data.MLImage"/>, a vector of bytes or text (a path). An empty value means no picture.</summary>
    /// <value>The default is "Image".</value>
    [Required]
    public string ImageColumnName { get; set; } = "Image";

    /// <summary>The text column of questions.</summary>
    /// <value>The default is "Prompt".</value>
    [Required]
    public string PromptColumnName { get; set; } = "Prompt";

    /// <summary>The text column of answers to imitate.</summary>
    /// <value>The default is "Chosen".</value>
    [Required]
    public string AnswerColumnName { get; set; } = "Chosen";

    /// <summary>The text column of turns before the question: JSON, a list of <see cref="Preferences.PreferenceTurn"/>; empty for none.</summary>
    /// <value>The default is null: "History" where the data has it.</value>
    public string? HistoryColumnName { get; set; }

    /// <summary>The text column of identifiers, which messages name.</summary>
    /// <value>The default is null: "Id" where the data has it.</value>
    public string? IdColumnName { get; set; }

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
    internal InstructionColumnNames Checked(string parameter)
    {
        OptionsCheck.ThrowIfAny(OptionsCheck.Annotations(this), nameof(InstructionColumnNames), parameter);
        return (InstructionColumnNames)MemberwiseClone();
    }

    /// <summary>The same columns as those of preferences, the answer being the preferred one.</summary>
    internal PreferenceColumnNames AsPreferences() => new()
    {
        ImageColumnName = ImageColumnName,
        PromptColumnName = PromptColumnName,
        ChosenColumnName = AnswerColumnName,
        HistoryColumnName = HistoryColumnName,
        IdColumnName = IdColumnName,
        MoreImagesColumnName = MoreImagesColumnName,
        ImageFolder = ImageFolder,
    };
}
