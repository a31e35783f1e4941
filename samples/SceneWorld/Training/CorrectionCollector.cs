using RlhfV.Models;
using RlhfV.Models.Generation;
using RlhfV.Preferences;

namespace SceneWorld.Training;

/// <summary>Collects what annotators would: a model's own answers on training scenes, corrected segment by segment.</summary>
/// <param name="model">The model that answers.</param>
/// <param name="modelName">Its name in the data.</param>
public sealed class CorrectionCollector(VisionLanguageModel model, string modelName)
{
    private const int Chunk = 100;

    /// <summary>Answers scenes until enough answers needed a correction.</summary>
    /// <param name="count">Number of pairs.</param>
    /// <param name="firstSeed">Seed of the first scene.</param>
    /// <param name="decoding">How the model answers.</param>
    /// <param name="log">Where progress is written.</param>
    public IEnumerable<PreferenceExample> Collect(int count, long firstSeed, GenerationOptions decoding, TextWriter log)
    {
        int collected = 0;
        for (long seed = firstSeed; collected < count; seed += Chunk)
        {
            Scene[] scenes = [.. Enumerable.Range(0, Chunk).Select(i => SceneGenerator.Generate(seed + i))];
            IReadOnlyList<string> answers = SceneEvaluation.Describe(model, scenes, Question, decoding);
            for (int i = 0; i < scenes.Length && collected < count; i++)
            {
                if (Correct(scenes[i], answers[i], collected) is { } example)
                {
                    collected++;
                    yield return example;
                }
            }

            log.WriteLine($"{collected} of {count} pairs from {seed - firstSeed + Chunk} answers");
        }
    }

    private static string Question(Scene scene) => CaptionPrompts.Detailed[(int)(scene.Seed % CaptionPrompts.Detailed.Count)];

    private PreferenceExample? Correct(Scene scene, string answer, int number)
    {
        Correction correction = OracleAnnotator.Correct(scene, answer);
        if (correction.Segments.Count == 0 || string.IsNullOrWhiteSpace(correction.Chosen))
        {
            return null;
        }

        return new PreferenceExample
        {
            Image = PreferenceImage.FromBytes(SceneRenderer.RenderPng(scene), $"scene-{scene.Seed}.png"),
            Prompt = Question(scene),
            Chosen = correction.Chosen,
            Rejected = answer,
            Segments = correction.Segments,
            Origin = new PreferenceOrigin
            {
                Dataset = "SceneWorld",
                SourceDataset = "SceneWorld",
                Split = "train",
                Id = number.ToString(),
                Model = modelName,
                QuestionType = "detailed_description",
            },
        };
    }
}
