using System.CommandLine;
using System.Diagnostics;
using RlhfV.Preferences;

namespace RlhfV.Benchmarks.Commands;

/// <summary>Token weights of many corrected pairs on one thread.</summary>
internal static class DiffCommand
{
    private const int Vocabulary = 32_000;

    public static Command Create()
    {
        var pairs = new Option<int>("--pairs") { Description = "Number of pairs.", DefaultValueFactory = _ => 10_000 };
        var tokens = new Option<int>("--tokens") { Description = "Tokens of each answer.", DefaultValueFactory = _ => 100 };
        var edits = new Option<int>("--edits") { Description = "Corrected segments of each pair.", DefaultValueFactory = _ => 3 };
        var runs = new Option<int>("--runs") { Description = "Repetitions after one warm-up.", DefaultValueFactory = _ => 5 };
        var seed = new Option<int>("--seed") { Description = "Seed of the pairs.", DefaultValueFactory = _ => 1 };
        var command =
            new Command("diff", "Finds and weighs the corrected tokens of pairs, on one thread.") { pairs, tokens, edits, runs, seed };
        command.SetAction(parsed =>
        {
            List<(int[] Rejected, int[] Chosen)> data =
                MakePairs(parsed.GetValue(pairs), parsed.GetValue(tokens), parsed.GetValue(edits), parsed.GetValue(seed));
            foreach (SegmentDiffMode mode in Enum.GetValues<SegmentDiffMode>())
            {
                var options = new SegmentDiffOptions { Mode = mode };
                long weighted = WeighAll(data, options);
                TimeSpan[] timings = [.. Enumerable.Range(0, parsed.GetValue(runs)).Select(_ => Time(() => WeighAll(data, options)))];
                new BenchmarkResult("diff")
                    .Add("mode", mode.ToString())
                    .Add("pairs", data.Count)
                    .Add("tokens", parsed.GetValue(tokens))
                    .Add("weighted_tokens", weighted)
                    .AddSeconds(timings)
                    .Print();
            }
        });
        return command;
    }

    private static long WeighAll(List<(int[] Rejected, int[] Chosen)> data, SegmentDiffOptions options)
    {
        long weighted = 0;
        foreach ((int[] rejected, int[] chosen) in data)
            weighted += TokenWeights.FromTokens<int>(rejected, chosen, 5f, options).Chosen.Count(weight => weight != 1f);
        return weighted;
    }

    private static TimeSpan Time(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start);
    }

    /// <summary>
    /// Answers whose token frequencies fall off as in a language, corrected in a few places by other tokens of other number.
    /// </summary>
    private static List<(int[] Rejected, int[] Chosen)> MakePairs(int count, int length, int edits, int seed)
    {
        var random = new Random(seed);
        var pairs = new List<(int[], int[])>(count);
        for (int i = 0; i < count; i++)
        {
            int[] rejected = [.. Enumerable.Range(0, length).Select(_ => DrawToken(random))];
            var chosen = new List<int>(rejected);
            for (int edit = 0; edit < edits; edit++)
            {
                int start = random.Next(Math.Max(1, chosen.Count - 4));
                chosen.RemoveRange(start, Math.Min(random.Next(1, 4), chosen.Count - start));
                chosen.InsertRange(start, Enumerable.Range(0, random.Next(1, 4)).Select(_ => DrawToken(random)));
            }

            pairs.Add((rejected, [.. chosen]));
        }

        return pairs;
    }

    /// <summary>Rank r with a probability near 1/r.</summary>
    private static int DrawToken(Random random) => (int)Math.Pow(Vocabulary, random.NextDouble());
}
