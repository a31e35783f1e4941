using System.CommandLine;
using RlhfV.Evaluation;
using RlhfV.Models;
using RlhfV.Preferences;
using SceneWorld.Training;

namespace SceneWorld;

/// <summary>The command that measures a model's hallucination on scenes it never saw.</summary>
internal static class EvaluateCommand
{
    public static Command Create()
    {
        var folder = new Option<DirectoryInfo>("--model") { Description = "The model's folder.", Required = true };
        var count = new Option<int>("--count") { Description = "Number of scenes.", DefaultValueFactory = _ => 300 };
        var temperature = new Option<double>("--temperature") { Description = "0 is greedy.", DefaultValueFactory = _ => SceneEvaluation.Decoding.Temperature };
        var show = new Option<int>("--show") { Description = "Answers to print.", DefaultValueFactory = _ => 5 };
        var command = new Command("evaluate", "Measure how much a model hallucinates about held-out scenes.") { folder, count, temperature, show };
        command.SetAction(parsed =>
        {
            using VisionLanguageModel model = VisionLanguageModel.Load(parsed.GetRequiredValue(folder).FullName);
            Scene[] scenes = [.. Enumerable.Range(0, parsed.GetValue(count)).Select(i => SceneGenerator.Generate(Curriculum.HeldOutSeed + i))];
            IReadOnlyList<string> answers = SceneEvaluation.Describe(
                model, scenes, _ => SceneEvaluation.Question, SceneEvaluation.Decoding with { Temperature = parsed.GetValue(temperature) });
            ResponseAssessment[] assessed =
                [.. scenes.Zip(answers, (scene, answer) => SceneEvaluation.Assess(scene, SceneEvaluation.Question, answer))];
            for (int i = 0; i < Math.Min(parsed.GetValue(show), scenes.Length); i++)
            {
                Console.WriteLine($"{scenes[i]}\n  {answers[i]}");
                foreach (RlhfV.Evaluation.HallucinatedSegment segment in assessed[i].Segments)
                {
                    Console.WriteLine($"    {string.Join(" and ", segment.Types)}: {answers[i].Substring(segment.Span.Start, segment.Span.Length)}");
                }
            }

            HallucinationMetrics metrics = HallucinationMetrics.From(assessed);
            int unparsed = scenes.Zip(answers, (s, a) => CaptionChecker.Check(s, a).Unparsed.Count).Count(n => n > 0);
            Console.WriteLine($"responses {metrics.ResponseRate.Value:P1}, mentions {metrics.MentionRate.Value:P1}, recall {metrics.Recall.Value:P1}, "
                + $"words {metrics.Words.Value:F1}, answers with unread parts {unparsed}");
            foreach (HallucinationType type in HallucinationType.All)
            {
                Console.WriteLine($"  {type}: {metrics[type].ResponseRate.Value:P1} of responses");
            }
        });
        return command;
    }
}
