using System.ComponentModel.DataAnnotations;
using RlhfV.Models;
using RlhfV.Preferences;
using RlhfV.Training.Objectives;
using RlhfV.Training.Optimization;
using RlhfV.Training.Packing;
using TorchSharp.Modules;

namespace RlhfV.Training;

/// <summary>Options of dense DPO. A new object holds the paper's numbers; <see cref="Released"/> those of the released script.</summary>
public sealed class DenseDpoOptions
{
    /// <summary>The paper's recipe (RLHF-V, CVPR 2024, section 4 and appendix): a new object's values under their name.</summary>
    public static DenseDpoOptions Paper => new();

    /// <summary>
    /// The released script's recipe (thunlp/Muffin, script/train/run_RLHFV.sh): weighted sums, gamma 1.1, beta 0.1, 2160 steps of 8
    /// pairs, 3 % warm-up. It calls itself RLHF-V as well, but is another training.
    /// </summary>
    public static DenseDpoOptions Released => new()
    {
        Beta = 0.1,
        Gamma = 1.1,
        Normalize = false,
        BatchSize = 8,
        MaxSteps = 2160,
        WarmupRatio = 0.03,
        MaxTokens = 2048,
        Segments = SegmentSource.ReleasedDiff,
        OneSided = OneSidedEdits.Unweighted,
    };

    /// <summary>Strength of the pull towards the reference model.</summary>
    /// <value>The default value is 0.5.</value>
    [Range(0.0, double.MaxValue, MinimumIsExclusive = true)]
    public double Beta { get; set; } = 0.5;

    /// <summary>Weight of a token inside a corrected segment; other tokens of the answer weigh 1. With 1 (and sums) this is DPO.</summary>
    /// <value>The default value is 5.</value>
    [Range(0.0, double.MaxValue, MinimumIsExclusive = true)]
    public double Gamma { get; set; } = 5;

    /// <summary>Where the corrected segments of an example come from.</summary>
    /// <value>The default value is <see cref="SegmentSource.AnnotationOrDiff"/>.</value>
    [EnumDataType(typeof(SegmentSource))]
    public SegmentSource Segments { get; set; } = SegmentSource.AnnotationOrDiff;

    /// <summary>
    /// Whether tokens count as corrected where one answer has text and the other nothing. The released code leaves them out, so that a
    /// correction that only deletes a made-up phrase weighs no more than unchanged text.
    /// </summary>
    /// <value>The default value is <see cref="OneSidedEdits.Weighted"/>.</value>
    [EnumDataType(typeof(OneSidedEdits))]
    public OneSidedEdits OneSided { get; set; } = OneSidedEdits.Weighted;

    /// <summary>Whether an answer's score is the weighted mean of its log-probabilities (the paper) or their weighted sum (DPO, the released script).</summary>
    /// <value>The default value is true.</value>
    public bool Normalize { get; set; } = true;

    /// <summary>Weight of an additional supervised term: minus the score of the chosen answer.</summary>
    /// <value>The default value is 0, no such term.</value>
    [Range(0.0, double.MaxValue)]
    public double SupervisedWeight { get; set; }

    /// <summary>Learning rate at the end of warm-up.</summary>
    /// <value>The default value is 5e-7, made for billions of parameters; a model of millions needs 1e-5 to 1e-4.</value>
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double LearningRate { get; set; } = 5e-7;

    /// <summary>How the learning rate moves after warm-up.</summary>
    /// <value>The default value is <see cref="LearningRateSchedule.Cosine"/>.</value>
    [EnumDataType(typeof(LearningRateSchedule))]
    public LearningRateSchedule Schedule { get; set; } = LearningRateSchedule.Cosine;

    /// <summary>Share of the steps during which the learning rate rises from zero, rounded up to whole steps.</summary>
    /// <value>The default value is 0.1.</value>
    [Range(0.0, 1.0)]
    public double WarmupRatio { get; set; } = 0.1;

    /// <summary>Decoupled weight decay of matrices; biases, norms and other vectors have none.</summary>
    /// <value>The default value is 0.</value>
    [Range(0.0, double.MaxValue)]
    public double WeightDecay { get; set; }

    /// <summary>AdamW's decay of the mean of gradients.</summary>
    /// <value>The default value is 0.9.</value>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double AdamBeta1 { get; set; } = 0.9;

    /// <summary>AdamW's decay of the mean of squared gradients.</summary>
    /// <value>The default value is 0.999.</value>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double AdamBeta2 { get; set; } = 0.999;

    /// <summary>AdamW's epsilon.</summary>
    /// <value>The default value is 1e-8.</value>
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double AdamEpsilon { get; set; } = 1e-8;

    /// <summary>Gradients are scaled down to this norm where theirs is larger; null never scales.</summary>
    /// <value>The default value is 1.</value>
    [Range(0.0, double.MaxValue, MinimumIsExclusive = true)]
    public double? MaxGradientNorm { get; set; } = 1;

    /// <summary>Passes over the data; without effect on the length of the run when <see cref="MaxSteps"/> is set.</summary>
    /// <value>The default value is 7.</value>
    [Range(1, int.MaxValue)]
    public int Epochs { get; set; } = 7;

    /// <summary>Length of the run in steps, or null for whole <see cref="Epochs"/>.</summary>
    /// <value>The default value is null.</value>
    [Range(1L, long.MaxValue)]
    public long? MaxSteps { get; set; }

    /// <summary>Pairs per step.</summary>
    /// <value>The default value is 32.</value>
    [Range(1, int.MaxValue)]
    public int BatchSize { get; set; } = 32;

    /// <summary>
    /// Most decoder tokens that are computed at once, padding included; a step's pairs are cut into as many passes as that takes. It
    /// decides memory and speed, and changes results by no more than rounding.
    /// </summary>
    /// <value>The default value is 4096.</value>
    [Range(1, int.MaxValue)]
    public int MicroBatchTokens { get; set; } = 4096;

    /// <summary>Longest sequence, prompt, picture and one answer, in tokens; null means as many as the decoder has positions. Longer examples are invalid.</summary>
    /// <value>The default value is null.</value>
    [Range(2, int.MaxValue)]
    public int? MaxTokens { get; set; }

    /// <summary>Parts of the network that do not learn. The features of a frozen vision tower are computed once per picture.</summary>
    /// <value>The default value is empty: everything learns, as in the paper.</value>
    public IList<NetworkPart> FrozenParts { get; set; } = [];

    /// <summary>What happens to an example that cannot be trained on: unreadable picture, empty or equal answers, too many tokens.</summary>
    /// <value>The default value is <see cref="InvalidExamplePolicy.Refuse"/>.</value>
    [EnumDataType(typeof(InvalidExamplePolicy))]
    public InvalidExamplePolicy InvalidExamples { get; set; } = InvalidExamplePolicy.Refuse;

    /// <summary>How pairs are laid out for the decoder. Both ways give the same result; packed costs about half.</summary>
    /// <value>The default value is <see cref="PairLayout.Packed"/>.</value>
    [EnumDataType(typeof(PairLayout))]
    public PairLayout Layout { get; set; } = PairLayout.Packed;

    /// <summary>Decides the order of examples and every other random choice.</summary>
    /// <value>The default value is 0.</value>
    public int Seed { get; set; }

    /// <summary>The objective that these options describe.</summary>
    internal DenseDpoObjective Objective => new(Beta, Gamma, Normalize, SupervisedWeight);

    /// <summary>The optimizer's group of a parameter: matrices decay, vectors (biases, norms, class tokens) do not.</summary>
    internal ParameterGroup GroupOf(string name, Parameter parameter) => new(parameter.ndim > 1 ? WeightDecay : 0);

    /// <summary>A copy that later changes do not reach, after all checks.</summary>
    /// <exception cref="ArgumentException">One or more options are wrong; the message lists all of them.</exception>
    internal DenseDpoOptions Checked()
    {
        List<string> mistakes = OptionsChecks.Annotations(this);
        if (FrozenParts is null)
        {
            mistakes.Add($"{nameof(FrozenParts)} is null; use an empty list to train every part.");
        }
        else
        {
            mistakes.AddRange(FrozenParts.Where(part => !Enum.IsDefined(part)).Select(part =>
                $"{nameof(FrozenParts)} holds {part}; expected {string.Join(", ", Enum.GetNames<NetworkPart>())}."));
            if (Enum.GetValues<NetworkPart>().All(FrozenParts.Contains))
            {
                mistakes.Add($"{nameof(FrozenParts)} holds every part, so nothing would learn; leave at least one out.");
            }
        }

        if (Segments == SegmentSource.ReleasedDiff && OneSided != OneSidedEdits.Unweighted)
        {
            mistakes.Add(
                $"{nameof(SegmentSource.ReleasedDiff)} leaves insertions and deletions unweighted, but {nameof(OneSided)} is {OneSided}; "
                + $"use {nameof(OneSidedEdits.Unweighted)}, or another value of {nameof(Segments)}.");
        }

        OptionsChecks.ThrowIfAny(mistakes, nameof(DenseDpoOptions));
        var copy = (DenseDpoOptions)MemberwiseClone();
        copy.FrozenParts = [.. FrozenParts!];
        return copy;
    }
}
