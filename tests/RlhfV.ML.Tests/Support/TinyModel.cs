using RlhfV.Goldens;
using RlhfV.Models;
using RlhfV.Models.Generation;

namespace RlhfV.ML.Tests;

/// <summary>A LLaVA-1.5 of random weights, small enough to answer in milliseconds.</summary>
internal static class TinyModel
{
    public static string Folder => GoldenData.Path("hf", "llava", "checkpoint");

    /// <summary>Short answers that differ from picture to picture.</summary>
    public static GenerationOptions Short { get; } = new() { MaxNewTokens = 6 };

    public static VisionLanguageModel Load() => VisionLanguageModel.Load(Folder);

    /// <summary>What the model says when it is asked without ML.NET.</summary>
    public static string Ask(VisionLanguageModel model, string question, params byte[][] pictures) =>
        model.Generate(Prompt.Ask(question, [.. pictures.Select(picture => ImageSource.FromBytes(picture))]), Short).Text;
}
