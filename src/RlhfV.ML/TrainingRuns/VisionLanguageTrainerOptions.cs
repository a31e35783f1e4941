using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Logging;
using RlhfV.Training;

namespace RlhfV.ML;

/// <summary>What the trainers of <see cref="VisionLanguageTrainers"/> have in common: how the fitted transformer asks, and who is told.</summary>
public abstract class VisionLanguageTrainerOptions
{
    private protected VisionLanguageTrainerOptions()
    {
    }

    /// <summary>How the fitted transformer asks the trained model.</summary>
    /// <value>The default is null: the pictures and questions that it learned from, answers in "Caption".</value>
    public CaptionOptions? Caption { get; set; }

    /// <summary>Told after every step, on the thread that fits.</summary>
    /// <value>The default is null.</value>
    public IProgress<TrainingProgress>? Progress { get; set; }

    /// <summary>Told what <c>MLContext.Log</c> is told, and every step at level Debug.</summary>
    /// <value>The default is null.</value>
    public ILogger? Logger { get; set; }

    /// <summary>Looked at between rows and between passes of the network.</summary>
    /// <value>The default never cancels.</value>
    public CancellationToken CancellationToken { get; set; }

    /// <summary>What a cancelled fit gives. <see cref="CancelledFit.KeepModel"/> does not go with <see cref="TrainingOptions.Lora"/>, whose corrections join the weights at the end.</summary>
    /// <value>The default is <see cref="CancelledFit.Throw"/>.</value>
    [EnumDataType(typeof(CancelledFit))]
    public CancelledFit OnCancel { get; set; }

    /// <summary>Adds what is wrong with the common options, and checks the transformer's.</summary>
    /// <param name="mistakes">Filled with what is wrong.</param>
    /// <param name="training">The training's own options, or null when they are missing.</param>
    /// <param name="usual">How the transformer asks unless <see cref="Caption"/> says otherwise.</param>
    private protected void CheckCommon(List<string> mistakes, TrainingOptions? training, CaptionOptions? usual)
    {
        OptionsCheck.Add(mistakes, () => Caption = (Caption ?? usual)?.Checked(nameof(Caption)));
        if (OnCancel == CancelledFit.KeepModel && training?.Lora is not null)
            mistakes.Add($"{nameof(OnCancel)} is {OnCancel}, but a cancelled LoRA run leaves the base model; use {CancelledFit.Throw} with a run folder.");
    }
}
