using Microsoft.Extensions.Logging;

namespace RlhfV.ML.TrainingRuns;

/// <summary>The log messages of a run. Event ids are stable.</summary>
internal static partial class TrainingLog
{
    [LoggerMessage(1, LogLevel.Information, "Dense DPO on {Pairs} pairs, {Annotated} of them with annotated corrections: beta {Beta}, gamma {Gamma}, "
        + "learning rate {LearningRate}, {BatchSize} pairs a step, seed {Seed}.")]
    public static partial void Started(
        this ILogger logger, int pairs, int annotated, double beta, double gamma, double learningRate, int batchSize, int seed);

    [LoggerMessage(2, LogLevel.Debug, "Step {Step}: loss {Loss}, gradient norm {GradientNorm}, learning rate {LearningRate}.")]
    public static partial void Stepped(this ILogger logger, long step, double loss, double gradientNorm, double learningRate);

    [LoggerMessage(3, LogLevel.Information, "Step {Step} of {TotalSteps}: loss {Loss}, reward margin {RewardMargin}, reward accuracy {RewardAccuracy}, "
        + "{PairsPerSecond} pairs/s, {Remaining} left.")]
    public static partial void Progressed(
        this ILogger logger, long step, long totalSteps, double loss, double rewardMargin, double rewardAccuracy, double pairsPerSecond, TimeSpan remaining);

    [LoggerMessage(4, LogLevel.Warning, "Left out {Example}: {Reason}")]
    public static partial void LeftOut(this ILogger logger, string example, string reason);

    [LoggerMessage(5, LogLevel.Information, "Trained in {Steps} steps on {Pairs} pairs, {Skipped} left out, {Elapsed}.")]
    public static partial void Finished(this ILogger logger, long steps, int pairs, int skipped, TimeSpan elapsed);

    [LoggerMessage(6, LogLevel.Information, "Expected: {Steps} steps, {Memory} bytes, {Duration}.")]
    public static partial void Planned(this ILogger logger, long steps, long memory, TimeSpan? duration);

    [LoggerMessage(7, LogLevel.Warning, "{Diagnostic}")]
    public static partial void Diagnosed(this ILogger logger, string diagnostic);

    [LoggerMessage(8, LogLevel.Information, "Supervised fine-tuning on {Examples} answers: learning rate {LearningRate}, {BatchSize} answers a step, "
        + "seed {Seed}.")]
    public static partial void StartedSupervised(this ILogger logger, int examples, double learningRate, int batchSize, int seed);

    [LoggerMessage(9, LogLevel.Information, "Step {Step} of {TotalSteps}: loss {Loss}, {AnswersPerSecond} answers/s, {Remaining} left.")]
    public static partial void ProgressedSupervised(
        this ILogger logger, long step, long totalSteps, double loss, double answersPerSecond, TimeSpan remaining);
}
