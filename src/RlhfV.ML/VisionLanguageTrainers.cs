using Microsoft.ML;
using Microsoft.ML.Runtime;
using RlhfV.Models;
using RlhfV.Training;

namespace RlhfV.ML;

/// <summary>Estimators that learn: <c>mlContext.VisionLanguage.Trainers</c>.</summary>
public sealed class VisionLanguageTrainers
{
    private readonly MLContext _mlContext;

    internal VisionLanguageTrainers(MLContext mlContext) => _mlContext = mlContext;

    /// <summary>Dense DPO (RLHF-V, CVPR 2024): learns from corrected answers, corrected segments weigh more.</summary>
    /// <param name="model">The base model. It stays as it is: a copy is trained. Borrowed until the estimator is fitted.</param>
    /// <param name="imageColumnName">Pictures: MLImage, vector of bytes (encoded) or text (path).</param>
    /// <param name="promptColumnName">Text: the questions.</param>
    /// <param name="chosenColumnName">Text: the corrected answers.</param>
    /// <param name="rejectedColumnName">Text: the answers before correction.</param>
    /// <param name="beta">Strength of the pull towards the base model.</param>
    /// <param name="gamma">Weight of a token inside a corrected segment; other tokens weigh 1.</param>
    /// <param name="learningRate">Learning rate at the end of warm-up; a model of millions of parameters needs 1e-5 to 1e-4.</param>
    /// <param name="epochs">Passes over the data.</param>
    /// <param name="seed">Decides the order of examples. Null draws one from the MLContext's seed.</param>
    /// <exception cref="ArgumentException">One or more arguments are out of range; the message lists all of them.</exception>
    public DenseDpoEstimator DenseDpo(
        VisionLanguageModel model,
        string imageColumnName = "Image",
        string promptColumnName = "Prompt",
        string chosenColumnName = "Chosen",
        string rejectedColumnName = "Rejected",
        double beta = 0.5,
        double gamma = 5,
        double learningRate = 5e-7,
        int epochs = 7,
        int? seed = null) =>
        DenseDpo(model, new DenseDpoTrainerOptions
        {
            Training = new DenseDpoOptions
            {
                Beta = beta,
                Gamma = gamma,
                LearningRate = learningRate,
                Epochs = epochs,
                Seed = seed ?? DrawSeed(nameof(DenseDpo)),
            },
            Columns = Columns(imageColumnName, promptColumnName, chosenColumnName, rejectedColumnName),
        });

    /// <summary>Dense DPO (RLHF-V, CVPR 2024): learns from corrected answers, corrected segments weigh more.</summary>
    /// <param name="model">The base model. It stays as it is: a copy is trained. Borrowed until the estimator is fitted.</param>
    /// <param name="options">Training, columns, progress. Copied.</param>
    /// <exception cref="ArgumentException">One or more options are wrong; the message lists all of them.</exception>
    public DenseDpoEstimator DenseDpo(VisionLanguageModel model, DenseDpoTrainerOptions options) => new(_mlContext, model, options);

    /// <summary>
    /// DPO (Rafailov et al., NeurIPS 2023): learns from preferred and dispreferred answers, every token weighs the same. It is dense DPO with
    /// gamma 1 and sums instead of means; for its other options use <see cref="DenseDpo(VisionLanguageModel, DenseDpoTrainerOptions)"/> with
    /// <see cref="DenseDpoOptions.Gamma"/> 1 and <see cref="DenseDpoOptions.Normalize"/> false.
    /// </summary>
    /// <param name="model">The base model. It stays as it is: a copy is trained. Borrowed until the estimator is fitted.</param>
    /// <param name="imageColumnName">Pictures: MLImage, vector of bytes (encoded) or text (path).</param>
    /// <param name="promptColumnName">Text: the questions.</param>
    /// <param name="chosenColumnName">Text: the preferred answers.</param>
    /// <param name="rejectedColumnName">Text: the dispreferred answers.</param>
    /// <param name="beta">Strength of the pull towards the base model.</param>
    /// <param name="learningRate">Learning rate at the end of warm-up; a model of millions of parameters needs 1e-5 to 1e-4.</param>
    /// <param name="epochs">Passes over the data.</param>
    /// <param name="seed">Decides the order of examples. Null draws one from the MLContext's seed.</param>
    /// <exception cref="ArgumentException">One or more arguments are out of range; the message lists all of them.</exception>
    public DenseDpoEstimator Dpo(
        VisionLanguageModel model,
        string imageColumnName = "Image",
        string promptColumnName = "Prompt",
        string chosenColumnName = "Chosen",
        string rejectedColumnName = "Rejected",
        double beta = 0.1,
        double learningRate = 5e-7,
        int epochs = 1,
        int? seed = null) =>
        DenseDpo(model, new DenseDpoTrainerOptions
        {
            Training = new DenseDpoOptions
            {
                Beta = beta,
                Gamma = 1,
                Normalize = false,
                LearningRate = learningRate,
                Epochs = epochs,
                Seed = seed ?? DrawSeed(nameof(Dpo)),
            },
            Columns = Columns(imageColumnName, promptColumnName, chosenColumnName, rejectedColumnName),
        });

    /// <summary>Supervised fine-tuning: learns to answer as the examples do.</summary>
    /// <param name="model">The base model. It stays as it is: a copy is trained. Borrowed until the estimator is fitted.</param>
    /// <param name="imageColumnName">Pictures: MLImage, vector of bytes (encoded) or text (path).</param>
    /// <param name="promptColumnName">Text: the questions.</param>
    /// <param name="answerColumnName">Text: the answers to imitate.</param>
    /// <param name="learningRate">Learning rate at the end of warm-up; a model of millions of parameters needs 1e-4 to 1e-3.</param>
    /// <param name="epochs">Passes over the data.</param>
    /// <param name="batchSize">Answers per step.</param>
    /// <param name="seed">Decides the order of examples. Null draws one from the MLContext's seed.</param>
    /// <exception cref="ArgumentException">One or more arguments are out of range; the message lists all of them.</exception>
    public SupervisedEstimator SupervisedFineTuning(
        VisionLanguageModel model,
        string imageColumnName = "Image",
        string promptColumnName = "Prompt",
        string answerColumnName = "Chosen",
        double learningRate = 2e-5,
        int epochs = 1,
        int batchSize = 128,
        int? seed = null) =>
        SupervisedFineTuning(model, new SupervisedTrainerOptions
        {
            Training = new SupervisedOptions
            {
                LearningRate = learningRate,
                Epochs = epochs,
                BatchSize = batchSize,
                Seed = seed ?? DrawSeed(nameof(SupervisedFineTuning)),
            },
            Columns = new InstructionColumnNames
            {
                ImageColumnName = imageColumnName,
                PromptColumnName = promptColumnName,
                AnswerColumnName = answerColumnName,
            },
        });

    /// <summary>Supervised fine-tuning: learns to answer as the examples do.</summary>
    /// <param name="model">The base model. It stays as it is: a copy is trained. Borrowed until the estimator is fitted.</param>
    /// <param name="options">Training, columns, progress. Copied.</param>
    /// <exception cref="ArgumentException">One or more options are wrong; the message lists all of them.</exception>
    public SupervisedEstimator SupervisedFineTuning(VisionLanguageModel model, SupervisedTrainerOptions options) => new(_mlContext, model, options);

    private static PreferenceColumnNames Columns(string image, string prompt, string chosen, string rejected) => new()
    {
        ImageColumnName = image,
        PromptColumnName = prompt,
        ChosenColumnName = chosen,
        RejectedColumnName = rejected,
    };

    private int DrawSeed(string trainer) => ((IHostEnvironment)_mlContext).Register(trainer).Rand.Next();
}
