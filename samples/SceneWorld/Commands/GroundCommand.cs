using System.CommandLine;
using System.Globalization;
using RlhfV.Evaluation;
using RlhfV.Models;
using RlhfV.Models.Grounding;
using RlhfV.Preferences;
using SceneWorld.Training;

namespace SceneWorld;

/// <summary>The command that measures how well grounding finds hallucinated segments in a model's answers about scenes it never saw.</summary>
internal static class GroundCommand
{
    public static Command Create()
    {
        var folder = new Option<DirectoryInfo>("--model")
        {
            Description = "The model's folder.",
            DefaultValueFactory = _ => new(SceneWorldData.ModelFolder),
        };
        var count = new Option<int>("--count") { Description = "Number of scenes.", DefaultValueFactory = _ => 300 };
        var first = new Option<int>("--first") { Description = "How many held-out scenes to skip.", DefaultValueFactory = _ => 0 };
        var blanking = new Option<ImageBlanking>("--blank")
        {
            Description = "What stands in for the picture.",
            DefaultValueFactory = _ => ImageBlanking.ZeroFeatures,
        };
        var biased = new Option<bool>("--biased") { Description = "Score the biased describer's captions instead of the model's own answers." };
        var command = new Command("ground", "Measure how well grounding finds hallucinated segments.") { folder, count, first, blanking, biased };
        command.SetAction(parsed =>
        {
            using VisionLanguageModel model = VisionLanguageModel.Load(parsed.GetRequiredValue(folder).FullName);
            Scene[] scenes =
            [
                .. Enumerable.Range(parsed.GetValue(first), parsed.GetValue(count))
                    .Select(i => SceneGenerator.Generate(Curriculum.HeldOutSeed + i)),
            ];
            IReadOnlyList<string> answers = parsed.GetValue(biased)
                ? [.. scenes.Select(scene => new BiasedCaptionWriter().Write(scene, scene.Seed).Text)]
                : SceneEvaluation.Describe(model, scenes, _ => SceneEvaluation.Question, SceneEvaluation.Decoding);
            var scorer = new GroundingScorer(model, parsed.GetValue(blanking));
            Print(GroundingEvaluation.Score(scorer, scenes, SceneEvaluation.Question, answers));
        });
        return command;
    }

    private static void Print(IReadOnlyList<GroundedClaim> claims)
    {
        Console.WriteLine("area under the ROC curve, 95 % interval over answers   log-ratio              probability            both");
        Row("all", claims);
        foreach (HallucinationType type in claims.Select(claim => claim.Claim.Type).Distinct().OrderBy(type => type.Code, StringComparer.Ordinal))
        {
            Row(type.Code, [.. claims.Where(claim => claim.Claim.Type == type)]);
        }
    }

    private static void Row(string name, IReadOnlyList<GroundedClaim> claims)
    {
        RocCurve[] curves =
        [
            GroundingEvaluation.Curve(claims, support => -support.MeanLogRatio),
            GroundingEvaluation.Curve(claims, support => -support.MeanLogProbability),
            GroundingEvaluation.Curve(claims, support => -support.MeanLogRatio - support.MeanLogProbability),
        ];
        string figures = string.Join("   ", curves.Select(curve => curve.Area.HasValue
            ? string.Create(CultureInfo.InvariantCulture, $"{curve.Area.Value:F3} ({curve.Area.Interval.Lower:F3} to {curve.Area.Interval.Upper:F3})")
            : "absent                "));
        Console.WriteLine($"{name,-10} {curves[0].Positives,5} hallucinated of {claims.Count,5} segments          {figures}");
    }
}
