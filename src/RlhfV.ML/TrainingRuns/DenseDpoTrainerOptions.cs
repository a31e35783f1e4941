using System.ComponentModel.DataAnnotations;
using RlhfV.Training;

namespace RlhfV.ML;

/// <summary>How <see cref="DenseDpoEstimator"/> learns, from which columns, and how its transformer asks.</summary>
public sealed class DenseDpoTrainerOptions : VisionLanguageTrainerOptions
{
    /// <summary>The training itself: objective, optimizer, length, seed.</summary>
    /// <value>The default is the paper's recipe, <see cref="DenseDpoOptions.Paper"/>.</value>
    [Required]
    public DenseDpoOptions Training { get; set; } = new();

    /// <summary>The columns to learn from.</summary>
    /// <value>The default is the columns that <see cref="VisionLanguageCatalog.LoadPreferences(string, Preferences.PreferenceReadOptions?)"/> gives.</value>
    [Required]
    public PreferenceColumnNames Columns { get; set; } = new();

    /// <summary>A copy that later changes do not reach, after all checks.</summary>
    /// <exception cref="ArgumentException">One or more options are wrong; the message lists all of them.</exception>
    internal DenseDpoTrainerOptions Checked(string parameter)
    {
        List<string> mistakes = OptionsCheck.Annotations(this);
        var copy = (DenseDpoTrainerOptions)MemberwiseClone();
        OptionsCheck.Add(mistakes, () => copy.Training = Trained()!);
        OptionsCheck.Add(mistakes, () => copy.Columns = Columns?.Checked(nameof(Columns))!);

        // Names that are wrong for the training are told once.
        copy.CheckCommon(mistakes, Training, mistakes.Count == 0 ? LikeTraining() : null);
        OptionsCheck.ThrowIfAny(mistakes, nameof(DenseDpoTrainerOptions), parameter);
        return copy;
    }

    /// <summary>The training's options; a named column of log-probabilities is where the reference comes from.</summary>
    private DenseDpoOptions? Trained()
    {
        DenseDpoOptions? checkedOptions = Training?.Checked();
        if (checkedOptions is not null && Columns?.ReferenceLogProbsColumnName is not null)
        {
            checkedOptions.Reference = ReferenceSource.Stored;
            checkedOptions = checkedOptions.Checked();
        }

        return checkedOptions;
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
