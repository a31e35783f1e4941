using System.Text.Json;
using RlhfV.Goldens;
using RlhfV.Models;
using RlhfV.Models.Generation;
using RlhfV.Preferences;
using RlhfV.Training.Optimization;

namespace RlhfV.Training.Tests.Families;

/// <summary>One caption learned by heart: gradients reach every weight that has a part in the answer, in every family.</summary>
public sealed class FamilyOverfitTests
{
    private static readonly string[] Names = ["llava", "idefics3", "smolvlm", "qwen25vl"];

    public static TheoryData<string> Families => [.. Names.Where(f => GoldenData.Has("hf", f, "expected.json"))];

    [Theory]
    [MemberData(nameof(Families))]
    public void Fit_OneCaption_LearnsItByHeart(string family)
    {
        using JsonDocument expected = JsonDocument.Parse(File.ReadAllText(GoldenData.Path("hf", family, "expected.json")));
        JsonElement golden = expected.RootElement.GetProperty("cases").GetProperty("t0");
        using var model = VisionLanguageModel.Load(GoldenData.Path("hf", family, "checkpoint"));
        using VisionLanguageModel before = model.Clone();
        InstructionExample example = Example(golden);

        TrainingResult result = new SupervisedTrainer().Fit(model, [example], new SupervisedOptions
        {
            BatchSize = 1,
            MaxSteps = 60,
            LearningRate = 4e-3,
            WarmupRatio = 0,
            Schedule = LearningRateSchedule.Constant,
        });

        Assert.True(result.Final.Loss < 0.05, $"{family}: the loss is {result.Final.Loss} after 60 steps, {result.Curve[0].Loss} at first.");
        Prompt prompt = Prompt.Ask(example.Prompt, ImageSource.FromFile(GoldenData.Path("hf", "images", golden.GetProperty("images")[0].GetString()!)));
        Assert.Equal(example.Answer, model.Generate(prompt, new GenerationOptions { MaxNewTokens = 60 }).Text);
        int still = golden.GetProperty("parameters_without_gradient").GetArrayLength();
        Assert.Equal(still, Unchanged(before.Network, model.Network).Count);
    }

    private static InstructionExample Example(JsonElement golden)
    {
        JsonElement[] messages = [.. golden.GetProperty("messages").EnumerateArray()];
        return new InstructionExample
        {
            Images = [.. golden.GetProperty("images").EnumerateArray().Select(i => PreferenceImage.FromPath(GoldenData.Path("hf", "images", i.GetString()!)))],
            Prompt = Text(messages[^2]),
            Answer = Text(messages[^1]),
        };

        static string Text(JsonElement message) => string.Concat(
            message.GetProperty("content").EnumerateArray().Where(p => p.TryGetProperty("text", out _)).Select(p => p.GetProperty("text").GetString()));
    }

    private static List<string> Unchanged(VisionLanguageNetwork before, VisionLanguageNetwork after)
    {
        Dictionary<string, TorchSharp.Modules.Parameter> old = before.named_parameters().ToDictionary(p => p.name, p => p.parameter);
        return [.. after.named_parameters().Where(p => p.parameter.eq(old[p.name]).all().item<bool>()).Select(p => p.name)];
    }
}
