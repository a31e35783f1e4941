using System.ComponentModel.DataAnnotations;
using RlhfV.Preferences;
using RlhfV.Training.Augmentation;
using RlhfV.Training.Objectives;
using RlhfV.Training.Packing;

namespace RlhfV.Training;

/// <summary>Options of dense DPO. A new object holds the paper's numbers; <see cref="Released"/> those of the released script.</summary>
public sealed class DenseDpoOptions : TrainingOptions
{
    /// <summary>The paper's recipe (RLHF-V, CVPR 2024, section 4 and appendix): a new object's values under their name.</summary>
    public static DenseDpoOptions Paper => new();

    /// <summary>
    /// The released script's recipe (thunlp/Muffin, script/train/run_RLHFV.sh): weighted sums, gamma 1.1, beta 0.1, 2160 steps of 8
    /// pairs, 3 % warm-up, pictures cropped and mirrored at random. It calls itself RLHF-V as well, but is another training.
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
        CountPromptTokens = true,
        Augmentation = AugmentationOptions.Released,
        ReferencePrecision = ReferencePrecision.Released,
        RoundVisionTower = true,
        InvalidExamples = InvalidExamplePolicy.Keep,
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

    /// <summary>
    /// Whether an answer's score is the weighted mean of its log-probabilities (the paper) or their weighted sum (DPO, the released
    /// script).
    /// </summary>
    /// <value>The default value is true.</value>
    public bool Normalize { get; set; } = true;

    /// <summary>Where the reference's log-probabilities come from.</summary>
    /// <value>The default value is <see cref="ReferenceSource.Computed"/>.</value>
    [EnumDataType(typeof(ReferenceSource))]
    public ReferenceSource Reference { get; set; }

    /// <summary>
    /// Arithmetic of the reference's log-probabilities. <see cref="ReferencePrecision.Released"/> rounds more coarsely than a pair differs
    /// from another: it is for repeating the released training, not for a better one.
    /// </summary>
    /// <value>The default value is <see cref="ReferencePrecision.SameAsPolicy"/>.</value>
    [EnumDataType(typeof(ReferencePrecision))]
    public ReferencePrecision ReferencePrecision { get; set; }

    /// <summary>Weight of an additional supervised term: minus the score of the chosen answer.</summary>
    /// <value>The default value is 0, no such term.</value>
    [Range(0.0, double.MaxValue)]
    public double SupervisedWeight { get; set; }

    /// <summary>How pairs are laid out for the decoder. Both ways give the same result; packed costs about half.</summary>
    /// <value>The default value is <see cref="PairLayout.Packed"/>.</value>
    [EnumDataType(typeof(PairLayout))]
    public PairLayout Layout { get; set; } = PairLayout.Packed;

    /// <summary>The objective that these options describe.</summary>
    internal DenseDpoObjective Objective => new(Beta, Gamma, Normalize, SupervisedWeight);

    /// <summary>A copy that later changes do not reach, after all checks.</summary>
    /// <exception cref="ArgumentException">One or more options are wrong; the message lists all of them.</exception>
    public DenseDpoOptions Checked() => (DenseDpoOptions)CheckedCopy();

    private protected override void FindMistakes(List<string> mistakes)
    {
        base.FindMistakes(mistakes);
        if (Reference == ReferenceSource.Stored && Augmentation is not null)
        {
            mistakes.Add(
                $"{nameof(Reference)} is {Reference}, but {nameof(Augmentation)} shows other pictures than the stored log-probabilities are of; "
                + $"use {nameof(ReferenceSource.Computed)}, or no augmentation.");
        }

        if (Segments == SegmentSource.ReleasedDiff && OneSided != OneSidedEdits.Unweighted)
        {
            mistakes.Add(
                $"{nameof(SegmentSource.ReleasedDiff)} leaves insertions and deletions unweighted, but {nameof(OneSided)} is {OneSided}; "
                + $"use {nameof(OneSidedEdits.Unweighted)}, or another value of {nameof(Segments)}.");
        }
    }
}
