using System.CommandLine;
using RlhfV.Preferences;

namespace SceneWorld;

/// <summary>The command that measures how often, and in what, the biased describer is wrong.</summary>
internal static class BiasCommand
{
    public static Command Create()
    {
        var count = new Option<int>("--count") { Description = "Number of scenes.", DefaultValueFactory = _ => 10_000 };
        var rate = new Option<double>("--rate") { Description = "Scales how often the describer is wrong.", DefaultValueFactory = _ => 1 };
        var command = new Command("bias", "Measure the mistakes of the biased describer.") { count, rate };
        command.SetAction(parsed =>
            Measure(parsed.GetValue(count), new BiasedCaptionWriter(new BiasOptions { Rate = parsed.GetValue(rate) })));
        return command;
    }

    private static void Measure(int count, BiasedCaptionWriter writer)
    {
        var types = new Dictionary<HallucinationType, int>();
        var vocabulary = new HashSet<string>();
        int wrong = 0, words = 0;
        for (int seed = 0; seed < count; seed++)
        {
            BiasedCaption caption = writer.Write(SceneGenerator.Generate(seed), seed);
            wrong += caption.Mistakes.Count > 0 ? 1 : 0;
            foreach (HallucinatedSegment mistake in caption.Mistakes)
            {
                types[mistake.Type] = types.GetValueOrDefault(mistake.Type) + 1;
            }

            string[] parts = caption.Text.ToLowerInvariant().Split([' ', '.', ','], StringSplitOptions.RemoveEmptyEntries);
            words += parts.Length;
            vocabulary.UnionWith(parts);
        }

        int total = types.Values.Sum();
        Console.WriteLine($"{100.0 * wrong / count:0.0} % of descriptions hold a mistake, {(double)total / count:0.00} mistakes each");
        foreach ((HallucinationType type, int times) in types.OrderByDescending(entry => entry.Value))
        {
            Console.WriteLine($"  {type.Code,-10} {100.0 * times / total,5:0.0} %");
        }

        Console.WriteLine($"{(double)words / count:0.0} words each, {vocabulary.Count} different words");
    }
}
