using RlhfV.Goldens;
using RlhfV.Models;

namespace RlhfV.Training.Tests.Families;

/// <summary>The stored tiny checkpoints, one per family.</summary>
internal static class TinyFamilies
{
    public static TheoryData<string> Names => ["llava", "llama3", "muffin", "smolvlm", "idefics3", "qwen25vl"];

    /// <summary>Whether the family reads pictures.</summary>
    public static bool SeesPictures(string name) => name != "llama3";

    /// <summary>Loads a checkpoint; skips the test where the root holds none, or no such family exists.</summary>
    public static VisionLanguageModel Load(string name, TemporaryFolder folder)
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
            return VisionLanguageModel.Load(path);
        }
        catch (ModelFormatException problem) when (problem.Message.Contains("'model_type' is", StringComparison.Ordinal))
        {
            Assert.Skip(problem.Message);
            throw;
        }
    }
}
