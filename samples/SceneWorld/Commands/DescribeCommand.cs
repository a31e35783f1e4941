using System.CommandLine;
using RlhfV.Preferences;

namespace SceneWorld;

/// <summary>The command that prints a scene's truth, its descriptions, and how the biased one is checked.</summary>
internal static class DescribeCommand
{
    public static Command Create()
    {
        var seed = new Option<long>("--seed") { Description = "Number of the scene.", DefaultValueFactory = _ => 0 };
        var wording = new Option<long>("--wording") { Description = "Number of the wording.", DefaultValueFactory = _ => 0 };
        var rate = new Option<double>("--rate") { Description = "Scales how often the biased one is wrong.", DefaultValueFactory = _ => 1 };
        var command = new Command("describe", "Print a scene's truth, a true and a biased description, its check and its correction.")
        {
            seed, wording, rate,
        };
        command.SetAction(parsed =>
        {
            Scene scene = SceneGenerator.Generate(parsed.GetValue(seed));
            long words = parsed.GetValue(wording);
            BiasedCaption biased = new BiasedCaptionWriter(new BiasOptions { Rate = parsed.GetValue(rate) }).Write(scene, words);
            Print("truth", scene.ToString());
            Print("true", CaptionWriter.Write(scene, words));
            Print("short", CaptionWriter.ShortCaption(scene, words));
            SceneQuestion question = QuestionWriter.Write(scene, words);
            Print("question", $"{question.Prompt} {question.Answer}");
            Print("biased", biased.Text);
            foreach (HallucinatedSegment segment in CaptionChecker.Check(scene, biased.Text).Hallucinations)
            {
                string truth = segment.Truth.Length > 0 ? $", true: {segment.Truth}" : "";
                Print("  " + segment.Type.Code, $"\"{segment.Text}\" at {segment.Span.Start}{truth}");
            }

            Correction correction = OracleAnnotator.Correct(scene, biased.Text);
            Print("corrected", correction.Chosen);
            foreach (CorrectedSegment segment in correction.Segments)
            {
                string before = Cut(biased.Text, segment.Rejected), after = Cut(correction.Chosen, segment.Chosen);
                Print("  " + segment.Type.Code, $"\"{before}\" became \"{after}\"");
            }
        });
        return command;
    }

    private static string Cut(string text, TextSpan span) => text.Substring(span.Start, span.Length);

    private static void Print(string label, string text) => Console.WriteLine($"{label,-11} {text}");
}
