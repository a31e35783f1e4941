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
                Seed = seed ?? ((IHostEnvironment)_mlContext).Register(nameof(DenseDpo)).Rand.Next(),
            },
            Columns = new PreferenceColumnNames
            {
                ImageColumnName = imageColumnName,
                PromptColumnName = promptColumnName,
                ChosenColumnName = chosenColumnName,
                RejectedColumnName = rejectedColumnName,
            },
        });

    /// <summary>Dense DPO (RLHF-V, CVPR 2024): learns from corrected answers, corrected segments weigh more.</summary>
    /// <param name="model">The base model. It stays as it is: a copy is trained. Borrowed until the estimator is fitted.</param>
    /// <param name="options">Training, columns, progress. Copied.</param>
    /// <exception cref="ArgumentException">One or more options are wrong; the message lists all of them.</exception>
    public DenseDpoEstimator DenseDpo(VisionLanguageModel model, DenseDpoTrainerOptions options) => new(_mlContext, model, options);
}
