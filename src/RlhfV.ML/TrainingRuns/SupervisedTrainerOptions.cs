using System.ComponentModel.DataAnnotations;
using RlhfV.Training;

namespace RlhfV.ML;

/// <summary>How <see cref="SupervisedEstimator"/> learns, from which columns, and how its transformer asks.</summary>
public sealed class SupervisedTrainerOptions : VisionLanguageTrainerOptions
{
    /// <summary>The training itself: optimizer, length, seed.</summary>
    /// <value>The default is that of <see cref="SupervisedOptions"/>: instruction tuning of billions of parameters.</value>
    [Required]
    public SupervisedOptions Training { get; set; } = new();

    /// <summary>The columns to learn from.</summary>
    /// <value>The default is the columns that <see cref="VisionLanguageCatalog.LoadPreferences(string, Preferences.PreferenceReadOptions?)"/> gives.</value>
    [Required]
    public InstructionColumnNames Columns { get; set; } = new();

    /// <summary>A copy that later changes do not reach, after all checks.</summary>
    /// <exception cref="ArgumentException">One or more options are wrong; the message lists all of them.</exception>
    internal SupervisedTrainerOptions Checked(string parameter)
    {
        List<string> mistakes = OptionsCheck.Annotations(this);
        var copy = (SupervisedTrainerOptions)MemberwiseClone();
        OptionsCheck.Add(mistakes, () => copy.Training = Training?.Checked()!);
        OptionsCheck.Add(mistakes, () => copy.Columns = Columns?.Checked(nameof(Columns))!);

        // Names that are wrong for the training are told once.
        copy.CheckCommon(mistakes, Training, mistakes.Count == 0 ? LikeTraining() : null);
        OptionsCheck.ThrowIfAny(mistakes, nameof(SupervisedTrainerOptions), parameter);
        return copy;
    }

    private CaptionOptions? LikeTraining() => Columns is null
        ? null
        : new CaptionOptions
        {
            ImageColumnName = Columns.ImageColumnName,
            PromptColumnName = Columns.PromptColumnName,
            MoreImagesColumnName = Columns.MoreImagesColumnName,
            ImageFolder = Columns.ImageFolder,
        };
}
