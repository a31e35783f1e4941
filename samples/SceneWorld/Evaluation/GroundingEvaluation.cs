using RlhfV.Evaluation;
using RlhfV.Models;
using RlhfV.Models.Grounding;

namespace SceneWorld;

/// <summary>Measures how well grounding finds the hallucinated segments of a model's answers.</summary>
public static class GroundingEvaluation
{
    /// <summary>Scores every claim of answers that the checker could hold against the scene.</summary>
    /// <param name="scorer">The scorer.</param>
    /// <param name="scenes">The scenes.</param>
    /// <param name="question">What was asked.</param>
    /// <param name="answers">One answer per scene; empty ones have no claims.</param>
    public static IReadOnlyList<GroundedClaim> Score(
        GroundingScorer scorer, IReadOnlyList<Scene> scenes, string question, IReadOnlyList<string> answers)
    {
        var claims = new List<GroundedClaim>();
        foreach ((Scene scene, string answer) in scenes.Zip(answers).Where(pair => !string.IsNullOrWhiteSpace(pair.Second)))
        {
            Prompt prompt = Prompt.Ask(question, ImageSource.FromBytes(SceneRenderer.RenderPng(scene), $"scene {scene.Seed}"));
            AnswerGrounding grounding = scorer.Score(prompt, answer);
            claims.AddRange(CaptionChecker.Check(scene, answer).CheckedClaims.Select(claim =>
                new GroundedClaim(scene.Seed, claim, grounding.Segment(claim.Span.Start, claim.Span.Length)!))); // A claim has words.
        }

        return claims;
    }

    /// <summary>The curve of finding hallucinated segments by a figure of theirs; segments of one answer are resampled together.</summary>
    /// <param name="claims">The claims.</param>
    /// <param name="suspicion">Higher for what is taken to be hallucinated.</param>
    public static RocCurve Curve(IEnumerable<GroundedClaim> claims, Func<GroundedSegment, double> suspicion) =>
        RocCurve.Of(claims.Select(claim => new RocItem(suspicion(claim.Support), !claim.Claim.IsTrue, $"{claim.Scene}")));
}
