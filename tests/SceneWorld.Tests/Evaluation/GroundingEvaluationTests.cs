using RlhfV.Evaluation;
using RlhfV.Models;
using RlhfV.Models.Grounding;

namespace SceneWorld.Tests.Evaluation;

public sealed class GroundingEvaluationTests
{
    [Fact]
    public void Curve_OfAFixedSetOfBiasedAnswers_IsFarAboveChance()
    {
        using VisionLanguageModel model = VisionLanguageModel.Load(SceneWorldData.ModelFolder);
        Scene[] scenes = [.. Enumerable.Range(0, 60).Select(i => SceneGenerator.Generate(9_100_000 + i))];
        string[] answers = [.. scenes.Select(scene => new BiasedCaptionWriter().Write(scene, scene.Seed).Text)];
        IReadOnlyList<GroundedClaim> claims =
            GroundingEvaluation.Score(new GroundingScorer(model), scenes, SceneEvaluation.Question, answers);
        RocCurve curve = GroundingEvaluation.Curve(claims, support => -support.MeanLogRatio);
        Assert.True(curve.Positives >= 30 && curve.Negatives > 1000, $"{curve.Positives} hallucinated, {curve.Negatives} true");
        Assert.True(curve.Area.Value > 0.8, $"{curve.Area}");
    }

    [Fact]
    public void Score_EmptyAnswer_HasNoClaims()
    {
        using VisionLanguageModel model = VisionLanguageModel.Load(SceneWorldData.ModelFolder);
        Assert.Empty(GroundingEvaluation.Score(new GroundingScorer(model), [SceneGenerator.Generate(1)], "What?", [" "]));
    }
}
