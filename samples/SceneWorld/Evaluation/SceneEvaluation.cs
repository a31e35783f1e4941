using RlhfV.Evaluation;
using RlhfV.Models;
using RlhfV.Models.Generation;
using RlhfV.Preferences;

namespace SceneWorld;

/// <summary>Asks a model about scenes and holds its answers against the truth.</summary>
public static class SceneEvaluation
{
    /// <summary>The question that evaluation asks.</summary>
    public const string Question = "Describe this image in detail.";

    /// <summary>
    /// How evaluated answers are decoded, for the base model, its corrected answers and the aligned model alike: sampled at temperature 0.4.
    /// Greedy decoding hides rare mistakes; at temperature 1 a model this small stumbles over its own words.
    /// </summary>
    public static GenerationOptions Decoding { get; } = new() { Temperature = 0.4, MaxNewTokens = 128, Seed = 1 };

    /// <summary>Holds an answer against its scene.</summary>
    /// <param name="scene">The truth.</param>
    /// <param name="question">What was asked.</param>
    /// <param name="answer">What the model said.</param>
    public static ResponseAssessment Assess(Scene scene, string question, string answer)
    {
        CaptionAssessment check = CaptionChecker.Check(scene, answer);
        return new ResponseAssessment
        {
            Id = scene.Seed.ToString(),
            Prompt = question,
            Image = PreferenceImage.FromBytes(SceneRenderer.RenderPng(scene)),
            Response = answer,
            Segments = [.. check.Hallucinations.Select(h => new RlhfV.Evaluation.HallucinatedSegment(h.Span, h.Type))],
            Mentions = check.Claims,
            HallucinatedMentions = Math.Min(check.Claims, check.Hallucinations.Count),
            ObjectsPresent = scene.Groups.Count,
            ObjectsFound = check.NamedKinds.Count,
            Scene = scene.Setting.ToString(),
        };
    }

    /// <summary>Lets a model describe scenes, in batches.</summary>
    /// <param name="model">The model.</param>
    /// <param name="scenes">The scenes.</param>
    /// <param name="question">What is asked.</param>
    /// <param name="decoding">How it answers.</param>
    /// <param name="batchSize">Scenes per batch.</param>
    /// <param name="done">Told the number of finished scenes.</param>
    /// <returns>One answer per scene, in order.</returns>
    public static IReadOnlyList<string> Describe(
        VisionLanguageModel model, IReadOnlyList<Scene> scenes, Func<Scene, string> question, GenerationOptions decoding,
        int batchSize = 50, Action<int>? done = null)
    {
        var answers = new List<string>(scenes.Count);
        foreach (Scene[] batch in scenes.Chunk(batchSize))
        {
            Prompt[] prompts =
                [.. batch.Select(s => Prompt.Ask(question(s), ImageSource.FromBytes(SceneRenderer.RenderPng(s), $"scene {s.Seed}")))];
            answers.AddRange(model.Generate(prompts, decoding).Select(r => r.Text));
            done?.Invoke(answers.Count);
        }

        return answers;
    }
}
