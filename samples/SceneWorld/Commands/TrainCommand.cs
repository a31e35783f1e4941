using System.CommandLine;
using System.Text.Json;
using RlhfV.Models;
using RlhfV.Models.Architectures.Llava;
using SceneWorld.Training;
using TorchSharp;

namespace SceneWorld;

/// <summary>The command that trains the micro LLaVA from nothing.</summary>
internal static class TrainCommand
{
    public static Command Create()
    {
        var output = new Option<DirectoryInfo>("--out") { Description = "Folder for states and, under 'model', the finished model.", Required = true };
        var tower = new Option<int>("--tower-scenes") { Description = "Scenes that teach the vision tower.", DefaultValueFactory = _ => 128_000 };
        var small = new Option<int>("--short-scenes") { Description = "Scenes with short answers.", DefaultValueFactory = _ => 40_000 };
        var large = new Option<int>("--long-scenes") { Description = "Scenes with long descriptions.", DefaultValueFactory = _ => 40_000 };
        var mixed = new Option<int>("--mixed-scenes") { Description = "Scenes with descriptions and questions.", DefaultValueFactory = _ => 16_000 };
        var grounded = new Option<int>("--grounded-scenes") { Description = "Scenes of the last stage.", DefaultValueFactory = _ => 32_000 };
        var start = new Option<DirectoryInfo?>("--from") { Description = "A model to start from; give 0 scenes to the stages it has behind it." };
        var rate = new Option<double>("--bias") { Description = "Scale of the bias in long descriptions.", DefaultValueFactory = _ => 1 };
        var seed = new Option<long>("--seed") { Description = "Seed of the initial weights.", DefaultValueFactory = _ => 1 };
        var threads = new Option<int>("--threads") { Description = "Threads of tensor operations.", DefaultValueFactory = _ => Environment.ProcessorCount };
        var command = new Command("train", "Train the micro LLaVA; started again, it goes on where it stopped.")
        {
            output, tower, small, large, mixed, grounded, start, rate, seed, threads,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            string folder = parsed.GetRequiredValue(output).FullName;
            RlhfV.Models.Native.NativeLibraries.EnsureLoaded();
            torch.set_num_threads(parsed.GetValue(threads));
            (LlavaNetwork network, VisionLanguageProcessor processor, JsonElement config) = new MicroTraining(folder, Console.Out).Run(
                new(parsed.GetValue(tower), parsed.GetValue(small), parsed.GetValue(large), parsed.GetValue(mixed), parsed.GetValue(grounded)),
                new BiasOptions { Rate = parsed.GetValue(rate) },
                parsed.GetValue(seed),
                parsed.GetValue(start)?.FullName,
                cancellationToken);
            using VisionLanguageModel model = VisionLanguageModel.FromParts("sceneworld-micro-llava", config, network, processor);
            string target = Path.Combine(folder, "model");
            model.Save(target, torch.ScalarType.Float16);
            Console.WriteLine($"Wrote {target}");
            return Task.CompletedTask;
        });
        return command;
    }
}
