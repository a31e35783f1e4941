using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Logging;
using RlhfV.Training;

namespace RlhfV.ML;

/// <summary>How <see cref="SupervisedEstimator"/> learns, from which columns, and how its transformer asks.</summary>
public sealed class SupervisedTrainerOptions
{
    /// <summary>The training itself: optimizer, length, seed.</summary>
    /// <value>The default is that of <see cref="SupervisedOptions"/>: instruction tuning of billions of parameters.</value>
    [Required]
    public SupervisedOptions Training { get; set; } = new();

    /// <summary>The columns to learn from.</summary>
    /// <value>The default is the columns that <see cref="VisionLanguageCatalog.LoadPreferences(string, Preferences.PreferenceReadOptions?)"/> gives.</value>
    [Required]
    public InstructionColumnNames Columns { get; set; } = new();

    /// <summary>How the fitted transformer asks the aligned model.</summary>
    /// <value>The default is null: the pictures and questions of <see cref="Columns"/>, answers in "Caption".</value>
    public CaptionOptions? Caption { get; set; }

    /// <summary>Told after every step, on the thread that fits.</summary>
    /// <value>The default is null.</value>
    public IProgress<TrainingProgress>? Progress { get; set; }

    /// <summary>Told what <c>MLContext.Log</c> is told, and every step at level Debug.</summary>
    /// <value>The default is null.</value>
    public ILogger? Logger { get; set; }

    /// <summary>Looked at between passes of the network.</summary>
    /// <value>The default never cancels.</value>
    public CancellationToken CancellationToken { get; set; }

    /// <summary>What a cancelled fit gives. <see cref="CancelledFit.KeepModel"/> does not go with <see cref="TrainingOptions.Lora"/>, whose corrections join the weights at the end.</summary>
    /// <value>The default is <see cref="CancelledFit.Throw"/>.</value>
    [EnumDataType(typeof(CancelledFit))]
    public CancelledFit OnCancel { get; set; }

    /// <summary>A copy that later changes do not reach, after all checks.</summary>
    /// <exception cref="ArgumentException">One or more options are wrong; the message lists all of them.</exception>
    internal SupervisedTrainerOptions Checked(string parameter)
    {
        List<string> mistakes = OptionsCheck.Annotations(this);
        var copy = (SupervisedTrainerOptions)MemberwiseClone();
        OptionsCheck.Add(mistakes, () => copy.Training = Training?.Checked()!);
        OptionsCheck.Add(mistakes, () => copy.Columns = Columns?.Checked(nameof(Columns))!);
        OptionsCheck.Add(mistakes, () => copy.Caption = (Caption ?? LikeTraining())?.Checked(nameof(Caption)));
        if (OnCancel == CancelledFit.KeepModel && Training?.Lora is not null)
            mistakes.Add($"{nameof(OnCancel)} is {OnCancel}, but a cancelled LoRA run leaves the base model; use {CancelledFit.Throw} with a run folder.");
        OptionsCheck.ThrowIfAny(mistakes, nameof(SupervisedTrainerOptions), parameter);
        return copy;
    }

    private CaptionOptions? LikeTraining() => Columns is null
        ? null
        : new CaptionOptions
        {
            ImageColumnName = Columns.ImageColumnName,
            PromptColumnName = Columns.PromptColumnName,
            ImageFolder = Columns.ImageFolder,
        };
}
