using System.CommandLine;
using System.Diagnostics;
using RlhfV.Evaluation;

namespace RlhfV.Benchmarks.Commands;

/// <summary>Object HalBench by words: reading, matching and intervals, on one thread.</summary>
internal static class ScoreCommand
{
    private const int Words = 90;
    private const double ObjectShare = 0.12;

    private static readonly string[] Filler =
        ("a the on in near with large red wooden small next to is are there can be seen standing holding view background foreground " +
            "and of , .").Split(' ');

    public static Command Create()
    {
        var responses = new Option<int>("--responses") { Description = "Number of responses.", DefaultValueFactory = _ => 10_000 };
        var runs = new Option<int>("--runs") { Description = "Repetitions after one warm-up.", DefaultValueFactory = _ => 5 };
        var seed = new Option<int>("--seed") { Description = "Seed of the responses.", DefaultValueFactory = _ => 1 };
        var command = new Command(
            "score", "Scores responses of 90 words by Object HalBench's lexical reader, on one thread.") { responses, runs, seed };
        command.SetAction(parsed =>
        {
            ModelAnswer[] answers = MakeAnswers(parsed.GetValue(responses), parsed.GetValue(seed));
            ObjectTruth truth = ObjectTruth.From(
                answers.Select(answer => KeyValuePair.Create<string, IEnumerable<string>>(answer.ImageId, ["dog", "car", "person"])),
                ObjectVocabulary.Coco);
            foreach (ScoringMode mode in Enum.GetValues<ScoringMode>())
            {
                long start = Stopwatch.GetTimestamp();
                ObjectHalResult result = new ObjectHalBench(truth, new() { Mode = mode }).ScoreLexical(answers);
                TimeSpan first = Stopwatch.GetElapsedTime(start);
                TimeSpan[] timings = [.. Enumerable.Range(0, parsed.GetValue(runs)).Select(_ => Time(truth, mode, answers))];
                new BenchmarkResult("score")
                    .Add("mode", mode.ToString())
                    .Add("responses", answers.Length)
                    .Add("words", Words)
                    .Add("mentions", result.Rates.OfMentions.Denominator)
                    .Add("seconds_first", Math.Round(first.TotalSeconds, 4))
                    .AddSeconds(timings)
                    .AddPeakMemory()
                    .Print();
            }
        });
        return command;
    }

    /// <summary>A new benchmark each time: what it remembers of words belongs to the cost.</summary>
    private static TimeSpan Time(ObjectTruth truth, ScoringMode mode, ModelAnswer[] answers)
    {
        long start = Stopwatch.GetTimestamp();
        new ObjectHalBench(truth, new() { Mode = mode }).ScoreLexical(answers);
        return Stopwatch.GetElapsedTime(start);
    }

    private static ModelAnswer[] MakeAnswers(int count, int seed)
    {
        var random = new Random(seed);
        string[] objects = [.. ObjectVocabulary.Coco.Words];
        return [.. Enumerable.Range(0, count).Select(i => new ModelAnswer
        {
            ImageId = $"{i}",
            Question = "Describe the picture.",
            Text = string.Join(' ', Enumerable.Range(0, Words).Select(_ => random.NextDouble() < ObjectShare
                ? objects[random.Next(objects.Length)] + (random.Next(3) == 0 ? "s" : "") : Filler[random.Next(Filler.Length)])),
        })];
    }
}
