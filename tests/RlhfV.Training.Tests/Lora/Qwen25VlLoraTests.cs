using RlhfV.Goldens;
using RlhfV.Models;
using RlhfV.Models.Checkpoints;
using RlhfV.Training.Lora;
using static TorchSharp.torch;

namespace RlhfV.Training.Tests.Lora;

/// <summary>Where low-rank corrections go in Qwen2.5-VL, whose tower has maps of the decoder's names, and what their files call them.</summary>
public sealed class Qwen25VlLoraTests : IDisposable
{
    private const string Newer = "base_model.model.model.language_model.", Older = "base_model.model.model.";

    private readonly TemporaryFolder _folder = new();
    private readonly VisionLanguageModel _model = VisionLanguageModel.Load(GoldenData.Path("hf", "qwen25vl", "checkpoint"));

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Attach_Defaults_AdaptEveryMapOfTheDecoderAndNoneOfTheTower()
    {
        using LoraAdapters adapters = LoraAdapters.Attach(_model.Network, new LoraOptions { Rank = 2 }, seed: 1);
        Assert.Equal(7 * _model.Network.DecoderConfig.Layers, adapters.Names.Count);
        Assert.All(adapters.Names, name => Assert.Equal(NetworkPart.Decoder, _model.Network.PartOf(name)));
    }

    [Fact]
    public void Attach_Tower_AdaptsItsOwnMaps()
    {
        var options = new LoraOptions { Rank = 2, Targets = ["qkv", "attn.proj", "gate_proj"], Parts = [NetworkPart.VisionTower] };
        using LoraAdapters adapters = LoraAdapters.Attach(_model.Network, options, seed: 1);
        Assert.Contains("model.visual.blocks.0.attn.qkv", adapters.Names);
        Assert.Equal(0, adapters.Names.Count % 3);
        Assert.All(adapters.Names, name => Assert.Equal(NetworkPart.VisionTower, _model.Network.PartOf(name)));
    }

    [Theory]
    [InlineData(Newer)]
    [InlineData(Older)]
    public void Save_WritesTheNewerNamesAndLoad_ReadsBoth(string prefix)
    {
        using var scope = NewDisposeScope();
        string folder = _folder.File("adapter");
        Dictionary<string, float[]> values;
        using (LoraAdapters adapters = LoraAdapters.Attach(_model.Network, new LoraOptions { Rank = 2 }, seed: 1))
        {
            adapters.Save(folder, "base");
            values = adapters.Parameters.ToDictionary(p => p.Name, p => p.Parameter.data<float>().ToArray());
        }

        Rename(Path.Combine(folder, "adapter_model.safetensors"), prefix);
        using LoraAdapters loaded = LoraAdapters.Load(_model.Network, folder);
        Assert.Equal(values.Keys.Order(StringComparer.Ordinal), loaded.Parameters.Select(p => p.Name).Order(StringComparer.Ordinal));
        Assert.All(loaded.Parameters, p => Assert.Equal(values[p.Name], p.Parameter.data<float>().ToArray()));
    }

    private static void Rename(string file, string prefix)
    {
        var tensors = new List<KeyValuePair<string, Tensor>>();
        using (TensorSource source = Safetensors.Open(file))
        {
            foreach ((string key, TensorInfo info) in source.Tensors)
            {
                Assert.StartsWith(Newer + "layers.", key, StringComparison.Ordinal);
                Tensor tensor = empty([.. info.Shape]);
                source.ReadInto(key, tensor);
                tensors.Add(new(prefix + key[Newer.Length..], tensor));
            }
        }

        Safetensors.Save(file, tensors);
    }
}
