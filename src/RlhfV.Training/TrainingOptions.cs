using System.ComponentModel.DataAnnotations;
using System.IO.Enumeration;
using RlhfV.Models;
using RlhfV.Training.Augmentation;
using RlhfV.Training.Lora;
using RlhfV.Training.Optimization;
using RlhfV.Training.Planning;
using TorchSharp.Modules;

namespace RlhfV.Training;

/// <summary>What every kind of training has to be told: optimizer, length, batches, memory, run folder.</summary>
public abstract class TrainingOptions
{
    private protected TrainingOptions()
    {
    }

    /// <summary>Learning rate at the end of warm-up.</summary>
    /// <value>The default value is 5e-7, made for billions of parameters;
    /// a model of millions needs 1e-5 to 1e-4. That of <see cref="SupervisedOptions"/> is 2e-5.</value>
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double LearningRate { get; set; } = 5e-7;

    /// <summary>How the learning rate moves after warm-up.</summary>
    /// <value>The default value is <see cref="LearningRateSchedule.Cosine"/>.</value>
    [EnumDataType(typeof(LearningRateSchedule))]
    public LearningRateSchedule Schedule { get; set; } = LearningRateSchedule.Cosine;

    /// <summary>Share of the steps during which the learning rate rises from zero, rounded up to whole steps.</summary>
    /// <value>The default value is 0.1; of <see cref="SupervisedOptions"/> 0.03.</value>
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
    /// <value>The default value is 7; of <see cref="SupervisedOptions"/> 1.</value>
    [Range(1, int.MaxValue)]
    public int Epochs { get; set; } = 7;

    /// <summary>Length of the run in steps, or null for whole <see cref="Epochs"/>.</summary>
    /// <value>The default value is null.</value>
    [Range(1L, long.MaxValue)]
    public long? MaxSteps { get; set; }

    /// <summary>Pairs, or instructions, per step.</summary>
    /// <value>The default value is 32; of <see cref="SupervisedOptions"/> 128.</value>
    [Range(1, int.MaxValue)]
    public int BatchSize { get; set; } = 32;

    /// <summary>
    /// Most decoder tokens that are computed at once, padding included; a step's pairs are cut into as many passes as that takes, and one that is longer
    /// is a pass of its own. It decides memory and speed, and changes results by no more than rounding. On the processor larger passes take memory and gain
    /// nothing; a GPU with room to spare is faster with 4096.
    /// </summary>
    /// <value>The default value is 1024.</value>
    [Range(1, int.MaxValue)]
    public int MicroBatchTokens { get; set; } = 1024;

    /// <summary>
    /// Longest sequence, prompt, picture and one answer, in tokens; null means as many as the decoder has positions. Longer examples are
    /// invalid.
    /// </summary>
    /// <value>The default value is null.</value>
    [Range(2, int.MaxValue)]
    public int? MaxTokens { get; set; }

    /// <summary>
    /// Whether tokens of the prompt count where the family's own training counts them: of Muffin, marks and headers of turns, and earlier
    /// answers (<see cref="EncodedAnswer.CountedPromptTokens"/>). Of no effect in families that count the answer alone.
    /// </summary>
    /// <value>The default value is false: the answer counts, as in the paper's formula.</value>
    public bool CountPromptTokens { get; set; }

    /// <summary>
    /// Parts of the network that do not learn. The features of a frozen vision tower are computed once per picture, and kept for all epochs
    /// in the <see cref="RunFolder"/> where there is one.
    /// </summary>
    /// <value>The default value is empty: everything learns, as in the paper.</value>
    public IList<NetworkPart> FrozenParts { get; set; } = [];

    /// <summary>
    /// Names of parameters that stay although their gradients are computed and count in the gradient norm, and so in clipping; <c>*</c>
    /// stands for any letters. The released code does so by accident (learning rate 0 for a part of its vision tower): to freeze what need not
    /// learn, <see cref="FrozenParts"/> is cheaper.
    /// </summary>
    /// <value>The default value is empty.</value>
    public IList<string> HeldStill { get; set; } = [];

    /// <summary>
    /// Trains low-rank corrections instead of the weights, and adds them to the weights in the end; null trains the weights.
    /// </summary>
    /// <value>The default value is null.</value>
    public LoraOptions? Lora { get; set; }

    /// <summary>
    /// Random changes of pictures, or null for pictures as they are: then policy and reference see the same, and a frozen tower's features
    /// are computed once.
    /// </summary>
    /// <value>The default value is null.</value>
    public AugmentationOptions? Augmentation { get; set; }

    /// <summary>
    /// Whether decoder layers keep only their inputs for the backward pass and run again there: about a third more arithmetic for a small
    /// part
    /// of the memory, with the same result.
    /// </summary>
    /// <value>The default value is false.</value>
    public bool Recompute { get; set; }

    /// <summary>
    /// Whether the weights of the vision tower are rounded to fp16 before the first example is read, and trained on from there in the model's
    /// own type: what the released code does at every start. Without effect on weights that are fp16 numbers, as published ones are. A weight
    /// that is too large for fp16 is refused with the tensor's name before any is changed.
    /// </summary>
    /// <value>The default value is false: the tower starts as it was loaded.</value>
    public bool RoundVisionTower { get; set; }

    /// <summary>
    /// What happens to an example that cannot be trained on: unreadable picture, empty or equal answers, too many tokens.
    /// </summary>
    /// <value>The default value is <see cref="InvalidExamplePolicy.Refuse"/>.</value>
    [EnumDataType(typeof(InvalidExamplePolicy))]
    public InvalidExamplePolicy InvalidExamples { get; set; } = InvalidExamplePolicy.Refuse;

    /// <summary>Decides the order of examples and every other random choice.</summary>
    /// <value>The default value is 0.</value>
    public int Seed { get; set; }

    /// <summary>
    /// Folder of the run: options, environment, metrics, checkpoints and the trained model; null keeps nothing on disk. A folder that holds
    /// an
    /// unfinished run with the same options, data and starting weights is continued, and the result is that of a run that never stopped; a
    /// folder of any other run is refused.
    /// </summary>
    /// <value>The default value is null.</value>
    public string? RunFolder { get; set; }

    /// <summary>Steps between checkpoints; null means the end of every epoch. The last step and a cancelled one are always kept.</summary>
    /// <value>The default value is null.</value>
    [Range(1, int.MaxValue)]
    public int? CheckpointSteps { get; set; }

    /// <summary>How many checkpoints stay; older ones are removed.</summary>
    /// <value>The default value is 2.</value>
    [Range(1, int.MaxValue)]
    public int KeptCheckpoints { get; set; } = 2;

    /// <summary>Share of the examples that is held out and scored at the end of every epoch; chosen by the seed.</summary>
    /// <value>The default value is 0: all examples are trained on.</value>
    [Range(0.0, 0.5)]
    public double ValidationShare { get; set; }

    /// <summary>Which weights the model has in the end.</summary>
    /// <value>The default value is <see cref="WeightSelection.Last"/>.</value>
    [EnumDataType(typeof(WeightSelection))]
    public WeightSelection Selection { get; set; }

    /// <summary>Whether a parameter's learning rate is 0.</summary>
    internal bool IsHeldStill(string name) => HeldStill.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false));

    /// <summary>Whether the features of a picture change in the course of training.</summary>
    internal bool TowerLearns =>
        Lora is null ? !FrozenParts.Contains(NetworkPart.VisionTower) : Lora.Parts.Contains(NetworkPart.VisionTower);

    /// <summary>The optimizer's group of a parameter: matrices decay, vectors (biases, norms, class tokens) do not.</summary>
    internal ParameterGroup GroupOf(string name, Parameter parameter) =>
        new(parameter.ndim > 1 ? WeightDecay : 0, IsHeldStill(name) ? 0 : 1);

    /// <summary>A copy that later changes do not reach, after all checks, also of what goes together with a network.</summary>
    /// <param name="shape">The network's sizes.</param>
    /// <exception cref="ArgumentException">One or more options are wrong; the message lists all of them.</exception>
    internal TrainingOptions CheckedFor(NetworkShape shape) => CheckedCopy(shape);

    /// <summary>A copy that later changes do not reach, after all checks.</summary>
    /// <param name="shape">The network's sizes; null where they are not known yet.</param>
    /// <exception cref="ArgumentException">One or more options are wrong; the message lists all of them.</exception>
    private protected TrainingOptions CheckedCopy(NetworkShape? shape = null)
    {
        List<string> mistakes = OptionsChecks.Annotations(this);
        FindMistakes(mistakes);
        if (shape is not null && HasLists)
        {
            mistakes.AddRange(NetworkChecks.FindMistakes(this, shape));
        }

        OptionsChecks.ThrowIfAny(mistakes, GetType().Name);
        var copy = (TrainingOptions)MemberwiseClone();
        copy.FrozenParts = [.. FrozenParts];
        copy.HeldStill = [.. HeldStill];
        copy.Lora = Lora?.Copy();
        copy.Augmentation = Augmentation?.Copy();
        return copy;
    }

    private bool HasLists => FrozenParts is not null && HeldStill is not null;

    /// <summary>Adds what the annotations cannot see.</summary>
    private protected virtual void FindMistakes(List<string> mistakes)
    {
        if (!HasLists)
        {
            mistakes.Add($"{nameof(FrozenParts)} or {nameof(HeldStill)} is null; use an empty list to train everything.");
            return;
        }

        if (HeldStill.Any(string.IsNullOrWhiteSpace))
        {
            mistakes.Add($"{nameof(HeldStill)} holds an empty name; name parameters, * stands for any letters.");
        }

        if (HeldStill.Count > 0 && Lora is not null)
        {
            mistakes.Add($"{nameof(HeldStill)} is set, but with {nameof(Lora)} no weight of the model learns; leave it empty.");
        }

        if (InvalidExamples == InvalidExamplePolicy.Keep && this is not DenseDpoOptions)
        {
            mistakes.Add(
                $"{nameof(InvalidExamples)} is {InvalidExamples}, which is for pairs: an answer without tokens has no mean loss; "
                + $"use {InvalidExamplePolicy.Refuse} or {InvalidExamplePolicy.Skip}.");
        }

        if (CheckpointSteps is not null && RunFolder is null)
        {
            mistakes.Add($"{nameof(CheckpointSteps)} is {CheckpointSteps}, but without a {nameof(RunFolder)} nothing is kept; name a folder.");
        }

        mistakes.AddRange(FrozenParts.Where(part => !Enum.IsDefined(part)).Select(part =>
            $"{nameof(FrozenParts)} holds {part}; expected {string.Join(", ", Enum.GetNames<NetworkPart>())}."));
        if (Enum.GetValues<NetworkPart>().All(FrozenParts.Contains))
        {
            mistakes.Add($"{nameof(FrozenParts)} holds every part, so nothing would learn; leave at least one out.");
        }

        mistakes.AddRange(Augmentation?.Mistakes() ?? []);
        if (Lora is not null)
        {
            mistakes.AddRange(Lora.Mistakes());
            if (Lora.Parts?.Where(FrozenParts.Contains).ToArray() is { Length: > 0 } both)
            {
                mistakes.Add(
                    $"{nameof(FrozenParts)} holds {string.Join(", ", both)}, which {nameof(Lora)} adapts. "
                    + $"With LoRA every weight is frozen anyway: name the parts to adapt in its {nameof(LoraOptions.Parts)} and leave {nameof(FrozenParts)} empty.");
            }
        }

        if (RunFolder is not null && string.IsNullOrWhiteSpace(RunFolder))
        {
            mistakes.Add($"{nameof(RunFolder)} is empty; name a folder, or use null to keep nothing on disk.");
        }

        if (Selection == WeightSelection.BestValidation && ValidationShare == 0)
        {
            mistakes.Add(
                $"{nameof(Selection)} is {Selection}, but {nameof(ValidationShare)} is 0; hold some examples out, for example 0.05.");
        }
    }
}
