using RlhfV.Goldens;
using RlhfV.Models.Tests.Architectures.Muffin;
using static TorchSharp.torch;

namespace RlhfV.Models.Tests.Architectures;

/// <summary>Weights in half precision: every family computes, and the same but for rounding.</summary>
public sealed class PrecisionTests
{
    public static TheoryData<string, ScalarType, double> Cases
    {
        get
        {
            var data = new TheoryData<string, ScalarType, double>();
            foreach (string family in Directory.GetDirectories(GoldenData.Path("hf")).Select(f => Path.GetFileName(f)!)
                .Where(f => GoldenData.Has("hf", f, "checkpoint", "config.json")).Order(StringComparer.Ordinal).Append("muffin"))
            {
                data.Add(family, ScalarType.BFloat16, 0.05);
                data.Add(family, ScalarType.Float16, 0.01);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Load_InHalfPrecision_ComputesTheSameButForRounding(string family, ScalarType type, double limit)
    {
        using TinyMuffin? muffin = family == "muffin" ? new TinyMuffin() : null;
        string folder = muffin?.Folder ?? GoldenData.Path("hf", family, "checkpoint");
        using var whole = VisionLanguageModel.Load(folder);
        using var half = VisionLanguageModel.Load(folder, new VisionLanguageModelOptions { ComputeType = type });
        Assert.All(half.Network.parameters(), parameter => Assert.Equal(type, parameter.dtype));
        using var scope = NewDisposeScope();
        using IDisposable mode = inference_mode();
        EncodedPrompt prompt = whole.Processor.EncodePrompt(
            family == "llama3" ? Prompt.Ask("What is it?") : TinyLlava.Ask("What is it?"));
        Tensor expected = Logits(whole.Network, prompt);
        Tensor actual = Logits(half.Network, prompt);
        Assert.Equal(type, actual.dtype);
        double relative = (actual.to(ScalarType.Float32) - expected).norm().item<float>() / expected.norm().item<float>();
        Assert.InRange(relative, 1e-6, limit);
    }

    private static Tensor Logits(VisionLanguageNetwork network, EncodedPrompt prompt)
    {
        Tensor ids = tensor([.. prompt.Ids.Select(id => (long)id)]).unsqueeze(0);
        Tensor? projected = prompt.Images.Count == 0 ? null : cat([.. network.ProjectImages(network.EncodeImages(prompt.Images))], 0);
        Tensor positions = prompt.Positions is { } own
            ? tensor([.. Enumerable.Range(0, own.Tokens).SelectMany(i => own[i].ToArray())], [1, own.Tokens, own.Axes])
            : arange(ids.shape[1], dtype: ScalarType.Int64).unsqueeze(0);
        return network.Head(network.Decode(network.Embed(ids, projected), positions));
    }
}
