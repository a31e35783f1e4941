using System.Globalization;
using RlhfV.Models;
using RlhfV.Training.Loop;
using static TorchSharp.torch;

namespace RlhfV.Training.Planning;

/// <summary>What a run will take, told before it starts: steps, memory, arithmetic and, where the machine's speed is known, time.</summary>
/// <remarks>
/// Memory is counted from the sizes of the network and the longest pass; measured peaks lie within a factor of 1.5. Time assumes that
/// training multiplies at two thirds of the speed of large matrices; other work on the machine, and reading pictures, come on top.
/// </remarks>
public sealed record TrainingPlan
{
    // Norms, softmax and the optimizer do next to no arithmetic but take time.
    private const double Efficiency = 2.0 / 3;

    /// <summary>Number of parameters of the model.</summary>
    public required long Parameters { get; init; }

    /// <summary>Number of parameters that learn.</summary>
    public required long TrainedParameters { get; init; }

    /// <summary>Examples that are trained on, held-out ones not counted.</summary>
    public required int Examples { get; init; }

    /// <summary>Steps of the run.</summary>
    public required long Steps { get; init; }

    /// <summary>Steps of a pass over the data.</summary>
    public required long StepsPerEpoch { get; init; }

    /// <summary>Memory on the device that trains.</summary>
    public required TrainingMemory Memory { get; init; }

    /// <summary>Floating-point operations of the whole run, preparation included.</summary>
    public required double Operations { get; init; }

    /// <summary>Expected time of the whole run; null where the machine's speed is not known.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Plans a run for a model that need not be loaded, or not even exist.</summary>
    /// <param name="shape">The network: <see cref="NetworkShape.Read"/> reads it from a <c>config.json</c>.</param>
    /// <param name="options">How it will learn.</param>
    /// <param name="workload">What it will learn from.</param>
    /// <param name="type">Type of the weights: fp32 on a CPU, bf16 on CUDA.</param>
    /// <param name="operationsPerSecond">How fast the machine multiplies large matrices, in floating-point operations; null where that is not known.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="operationsPerSecond"/> is not above 0.</exception>
    /// <exception cref="ArgumentException">Options or the workload are wrong, the type is none of weights, or options do not go together or with the network; the message lists all mistakes.</exception>
    public static TrainingPlan Make(
        NetworkShape shape,
        TrainingOptions options,
        TrainingWorkload workload,
        ScalarType type = ScalarType.Float32,
        double? operationsPerSecond = null)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(workload);
        OptionsChecks.ThrowIfAny(OptionsChecks.Annotations(workload), nameof(TrainingWorkload), nameof(workload));
        if (type is not (ScalarType.Float32 or ScalarType.Float64 or ScalarType.Float16 or ScalarType.BFloat16))
        {
            throw new ArgumentException($"Weights cannot be {type}; expected Float32, Float64, Float16 or BFloat16.", nameof(type));
        }

        if (operationsPerSecond is { } stated && !(stated > 0 && double.IsFinite(stated)))
        {
            throw new ArgumentOutOfRangeException(
                nameof(operationsPerSecond), stated, "Expected floating-point operations per second, above 0, or null where they are not known.");
        }

        TrainingOptions settings = options.CheckedFor(shape);
        var batches = new BatchPlan(workload.Examples, settings.BatchSize, settings.Seed, settings.ValidationShare);
        long steps = settings.MaxSteps ?? (long)settings.Epochs * batches.StepsPerEpoch;
        var work = new WorkEstimate(shape, settings, workload);
        double learned = steps * Math.Min(settings.BatchSize, batches.Learned) * work.PerExample;
        double operations = learned + work.Preparation(settings is DenseDpoOptions);
        return new TrainingPlan
        {
            Parameters = shape.Count,
            TrainedParameters = TrainedShape.Count(shape, settings),
            Examples = batches.Learned,
            Steps = steps,
            StepsPerEpoch = batches.StepsPerEpoch,
            Memory = new MemoryEstimate(shape, settings, workload, type).Make(),
            Operations = operations,
            Duration = operationsPerSecond is { } speed ? Seconds(operations / (speed * Efficiency)) : null,
        };
    }

    /// <summary>The plan in three lines for people.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        {Steps:N0} steps ({StepsPerEpoch:N0} an epoch) on {Examples:N0} examples; {TrainedParameters:N0} of {Parameters:N0} parameters learn.
        About {Gibibytes(Memory.Total)} GiB: weights {Gibibytes(Memory.Weights)}, gradients {Gibibytes(Memory.Gradients)}, optimizer {Gibibytes(Memory.OptimizerStates)}, activations {Gibibytes(Memory.Activations + Memory.Logits)}, picture features {Gibibytes(Memory.PictureFeatures)}{(Memory.ReferenceCopy > 0 ? $"; before the first step {Gibibytes(Memory.ReferenceCopy)} for a bf16 copy" : "")}.
        About {Operations / 1e15:G3} peta-operations{(Duration is { } time ? $", {Describe(time)}" : "")}.
        """);

    private static TimeSpan Seconds(double seconds) =>
        seconds < TimeSpan.MaxValue.TotalSeconds ? TimeSpan.FromSeconds(seconds) : TimeSpan.MaxValue;

    private static string Gibibytes(long bytes) => (bytes / (double)(1 << 30)).ToString("0.##", CultureInfo.InvariantCulture);

    private static string Describe(TimeSpan time) => time switch
    {
        { TotalDays: >= 2 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalDays:0.#} days"),
        { TotalHours: >= 2 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:0.#} hours"),
        { TotalMinutes: >= 2 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0.#} minutes"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} seconds"),
    };
}
