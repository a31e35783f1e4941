using RlhfV.Goldens;
using RlhfV.Models;
using RlhfV.Preferences;

namespace RlhfV.Training.Tests.Families;

/// <summary>The stored tiny checkpoints, one per family.</summary>
internal static class TinyFamilies
{
    public static TheoryData<string> Names => ["llava", "llama3", "muffin", "smolvlm", "idefics3", "qwen25vl"];

    /// <summary>Whether the family reads pictures.</summary>
    public static bool SeesPictures(string name) => name != "llama3";

    /// <summary>Loads a checkpoint; skips the test where the root holds none, or no such family exists.</summary>
    public static VisionLanguageModel Load(string name, TemporaryFolder folder, VisionLanguageModelOptions? options = null)
    {
        string path = GoldenData.Path("hf", name, "checkpoint");
        if (name == "muffin")
        {
            Assert.SkipUnless(GoldenMuffin.Present, "rlhfv/d_train is not in this root.");
            path = Directory.CreateDirectory(folder.File("muffin")).FullName;
            GoldenMuffin.CopyTo(path);
        }

        Assert.SkipUnless(Directory.Exists(path), $"hf/{name} is not in this root.");
        TorchSharp.torch.set_num_threads(1);
        try
        {
            return VisionLanguageModel.Load(path, options);
        }
        catch (ModelFormatException problem) when (problem.Message.Contains("'model_type' is", StringComparison.Ordinal))
        {
            Assert.Skip(problem.Message);
            throw;
        }
    }

    /// <summary>Three corrections, the last without a picture; none has one where the family reads none.</summary>
    public static PreferenceExample[] Examples(string name)
    {
        PreferenceExample[] examples =
        [
            TinyModel.Example("a dog sits on the mat", "a cat sits on the mat"),
            TinyModel.Example("two cups", "three red cups stand on a table", "b.png"),
            TinyModel.Example("the lamp is blue and old", "the lamp is green and old") with { Image = null },
        ];
        return SeesPictures(name) ? examples : [.. examples.Select(example => example with { Image = null })];
    }
}
