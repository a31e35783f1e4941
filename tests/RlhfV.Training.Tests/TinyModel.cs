using RlhfV.Goldens;
using RlhfV.Preferences;

namespace RlhfV.Training.Tests;

/// <summary>The stored tiny LLaVA with random weights, and examples about its pictures.</summary>
internal static class TinyModel
{
    public static string Folder => GoldenData.Path("hf", "llava", "checkpoint");

    public static PreferenceExample Example(string chosen, string rejected, string picture = "a.png") => new()
    {
        Image = PreferenceImage.FromPath(GoldenData.Path("hf", "images", picture)),
        Prompt = "Describe the picture.",
        Chosen = chosen,
        Rejected = rejected,
    };
}
