using System.CommandLine;
using RlhfV.Models;
using RlhfV.Preferences;
using SceneWorld.Training;

namespace SceneWorld;

/// <summary>The command that collects corrected pairs from a model's own answers.</summary>
internal static class PairsCommand
{
    public static Command Create()
    {
        var folder = new Option<DirectoryInfo>("--model") { Description = "The model's folder.", Required = true };
        var output = new Option<FileInfo>("--out") { Description = "Parquet file in the RLHF-V-Dataset schema.", Required = true };
        var count = new Option<int>("--count") { Description = "Number of pairs.", DefaultValueFactory = _ => 1400 };
        var command = new Command("pairs", "Let a model describe training scenes and correct its answers.") { folder, output, count };
        command.SetAction(parsed =>
        {
            using VisionLanguageModel model = VisionLanguageModel.Load(parsed.GetRequiredValue(folder).FullName);
            string file = parsed.GetRequiredValue(output).FullName;
            var collector = new CorrectionCollector(model, "sceneworld-micro-llava");
            int written = PreferenceFile.Write(
                file, collector.Collect(parsed.GetValue(count), Curriculum.LongSeed, SceneEvaluation.Decoding, Console.Out));
            Console.WriteLine($"Wrote {written} pairs to {file}");
        });
        return command;
    }
}
