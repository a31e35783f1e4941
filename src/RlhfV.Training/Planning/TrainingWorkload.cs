using System.ComponentModel.DataAnnotations;

namespace RlhfV.Training.Planning;

/// <summary>What there is to learn from, in numbers: enough to tell how long it takes and how much memory it needs.</summary>
public sealed record TrainingWorkload
{
    /// <summary>Number of pairs or instructions.</summary>
    [Range(1, int.MaxValue)]
    public required int Examples { get; init; }

    /// <summary>
    /// Mean decoder tokens of an example as it is laid out, image tokens included: a packed pair counts its shared beginning once.
    /// </summary>
    [Range(1.0, double.MaxValue)]
    public required double Tokens { get; init; }

    /// <summary>The same of the longest example.</summary>
    [Range(1, int.MaxValue)]
    public required int LongestTokens { get; init; }

    /// <summary>Mean number of answer tokens of an example, both answers of a pair together: those that need the output head.</summary>
    [Range(1.0, double.MaxValue)]
    public required double AnswerTokens { get; init; }

    /// <summary>Number of different pictures. Default 0.</summary>
    [Range(0, int.MaxValue)]
    public int Pictures { get; init; }

    /// <summary>Mean number of pictures of an example. Default 0.</summary>
    [Range(0.0, double.MaxValue)]
    public double PicturesPerExample { get; init; }

    /// <summary>Tokens that the vision tower computes for a picture, for example 577 in CLIP-L/14 at 336 pixels. Default 0.</summary>
    [Range(0, int.MaxValue)]
    public int TowerTokens { get; init; }

    /// <summary>
    /// The workload of preference pairs about one picture each, before data is read: the paper's has about 1,400 pairs.
    /// </summary>
    /// <param name="pairs">Number of pairs.</param>
    /// <param name="imageTokens">Image tokens in a prompt, for example 576 for LLaVA-1.5.</param>
    /// <param name="promptTokens">Other tokens of a prompt.</param>
    /// <param name="answerTokens">Tokens of an answer.</param>
    /// <param name="towerTokens">Tokens that the vision tower computes; null for one more than <paramref name="imageTokens"/>.</param>
    public static TrainingWorkload OfPairs(int pairs, int imageTokens, int promptTokens, int answerTokens, int? towerTokens = null)
    {
        // Corrections begin anywhere in an answer, so on average half of it is shared.
        int length = imageTokens + promptTokens + answerTokens * 3 / 2;
        return new TrainingWorkload
        {
            Examples = pairs,
            Tokens = length,
            LongestTokens = length,
            AnswerTokens = answerTokens * 1.5,
            Pictures = pairs,
            PicturesPerExample = 1,
            TowerTokens = towerTokens ?? imageTokens + 1,
        };
    }
}
