using RlhfV.Models;
using RlhfV.Training.Examples;
using RlhfV.Training.Packing;

namespace RlhfV.Training.Planning;

/// <summary>Counts a workload from encoded examples.</summary>
/// <param name="towerTokens">Tokens that the vision tower computes for a picture.</param>
internal sealed class WorkloadCounter(int towerTokens)
{
    /// <summary>Tokens that a vision tower computes for a picture of this shape: its patches.</summary>
    /// <param name="shape">The network.</param>
    /// <param name="picture">Shape of the preprocessed picture, or null without pictures.</param>
    public static int TowerTokens(NetworkShape shape, IReadOnlyList<long>? picture)
    {
        if (picture is null)
        {
            return 0;
        }

        // Patches that were cut by the processor stand in rows; others are cut by the tower's first convolution, [width, 3, side, side].
        ParameterShape? convolution = shape.Parameters.FirstOrDefault(p => p.Part == NetworkPart.VisionTower && p.Shape.Count >= 4 && p.Shape[1] == 3);
        long pixels = picture.Aggregate(1L, (product, size) => product * size) / 3;
        return picture.Count < 3 || convolution is null
            ? (int)picture[0]
            : (int)(pixels / (convolution.Shape[^1] * convolution.Shape[^2]));
    }

    /// <summary>The workload of pairs.</summary>
    public TrainingWorkload Of(IReadOnlyList<EncodedPair> pairs, PairLayout layout)
    {
        bool packed = layout == PairLayout.Packed;
        return Make(
            pairs,
            pair => packed ? pair.PackedLength : 2 * Math.Max(pair.Chosen.Length, pair.Rejected.Length),
            pair => pair.Chosen.ScoredTokens + pair.Rejected.ScoredTokens,
            pair => pair.Pictures);
    }

    /// <summary>The workload of instructions.</summary>
    public TrainingWorkload Of(IReadOnlyList<EncodedInstruction> instructions) =>
        Make(instructions, one => one.Sequence.Length, one => one.Sequence.ScoredTokens, one => one.Pictures);

    private TrainingWorkload Make<T>(
        IReadOnlyList<T> examples, Func<T, int> tokensOf, Func<T, int> answerTokensOf, Func<T, IReadOnlyList<ExamplePicture>> picturesOf) => new()
        {
            Examples = examples.Count,
            Tokens = examples.Average(tokensOf),
            LongestTokens = examples.Max(tokensOf),
            AnswerTokens = Math.Max(1, examples.Average(answerTokensOf)),
            Pictures = examples.SelectMany(picturesOf).Select(picture => picture.Key).Distinct().Count(),
            PicturesPerExample = examples.Average(example => picturesOf(example).Count),
            TowerTokens = towerTokens,
        };
}
