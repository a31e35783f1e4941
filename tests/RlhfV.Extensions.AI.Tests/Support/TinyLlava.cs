using Microsoft.Extensions.AI;
using RlhfV.Goldens;
using RlhfV.Models;
using RlhfV.Models.Generation;

namespace RlhfV.Extensions.AI.Tests.Support;

/// <summary>The tiny random-weight LLaVA of the goldens, and ways to ask it.</summary>
internal static class TinyLlava
{
    public static string Folder => GoldenData.Path("hf", "llava", "checkpoint");

    public static VisionLanguageModel Load() => VisionLanguageModel.Load(Folder);

    /// <summary>A client that owns its model and writes short answers.</summary>
    public static RlhfVChatClient Client(RlhfVChatClientOptions? options = null) =>
        new(Load(), options ?? Short(), ownsModel: true);

    public static RlhfVChatClientOptions Short(int tokens = 16) => new() { Generation = { MaxOutputTokens = tokens } };

    public static byte[] Picture(string name = "a.png") => File.ReadAllBytes(GoldenData.Path("hf", "images", name));

    public static DataContent Image(string name = "a.png") => new(Picture(name), name.EndsWith("jpg", StringComparison.Ordinal) ? "image/jpeg" : "image/png");

    public static ChatMessage Ask(string text, string picture = "a.png") => new(ChatRole.User, [Image(picture), new TextContent(text)]);

    /// <summary>What the model itself answers.</summary>
    public static GenerationResult Direct(VisionLanguageModel model, string text, string picture = "a.png", GenerationOptions? options = null) =>
        model.Generate(Prompt.Ask(text, ImageSource.FromBytes(Picture(picture))), options ?? new GenerationOptions { MaxNewTokens = 16 });
}
