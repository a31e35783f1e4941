using System.Text.Json;
using RlhfV.Goldens;
using RlhfV.Models;
using RlhfV.Models.Architectures.Llava;
using RlhfV.Training.Lora;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RlhfV.Training.Tests.Lora;

public sealed class LoraAdaptersTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly LlavaNetwork _network = TinyNetworks.Llava(1);

    public void Dispose()
    {
        _network.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Attach_Untrained_ChangesNothing()
    {
        float[] before = Logits();

        using LoraAdapters adapters = LoraAdapters.Attach(_network, Options(), seed: 1);

        Assert.Equal(before, Logits());
        Assert.Equal(14, adapters.Names.Count);
        Assert.All(adapters.Names, name => Assert.StartsWith("language_model.model.layers.", name, StringComparison.Ordinal));
    }

    [Fact]
    public void Adapt_LearnedMatrices_AddTheScaledProduct()
    {
        float[] before = Logits();
        using LoraAdapters adapters = Trained();
        float[] adapted = Logits();
        float[] weights = TinyNetworks.Weights(_network);

        adapters.Merge();
        float[] merged = Logits();
        float[] mergedWeights = TinyNetworks.Weights(_network);
        adapters.Unmerge();

        Assert.NotEqual(before, adapted);
        Near(adapted, merged, 2e-5);
        Assert.NotEqual(weights, mergedWeights);
        Near(weights, TinyNetworks.Weights(_network), 1e-6);
        Near(adapted, Logits(), 2e-5);
        AssertMergedWeight(adapters, weights, mergedWeights);
    }

    [Fact]
    public void Merge_Disposed_IsRefused()
    {
        LoraAdapters adapters = Trained();
        adapters.Dispose();

        Assert.Throws<ObjectDisposedException>(adapters.Merge);
        Assert.Throws<ObjectDisposedException>(() => adapters.Save(_folder.File("adapter"), "base"));
    }

    [Fact]
    public void Dispose_Unmerged_GivesTheBaseBack()
    {
        float[] before = Logits();

        Trained().Dispose();

        Assert.Equal(before, Logits());
    }

    [Fact]
    public void Save_ThenLoad_ComputesTheSame()
    {
        LoraAdapters adapters = Trained();
        float[] adapted = Logits();
        adapters.Save(_folder.File("adapter"), "base");
        adapters.Dispose();
        Assert.NotEqual(adapted, Logits());

        using LoraAdapters loaded = LoraAdapters.Load(_network, _folder.File("adapter"));

        Assert.Equal(adapted, Logits());
        Assert.Equal((4, 6.0), (loaded.Options.Rank, loaded.Options.Alpha));
    }

    [Fact]
    public void Save_Files_HavePeftsNamesAndFields()
    {
        using LoraAdapters adapters = Trained();

        adapters.Save(_folder.File("adapter"), "llava-hf/llava-1.5-7b-hf");

        GoldenTensors tensors = GoldenTensors.Load(_folder.File("adapter", "adapter_model.safetensors"));
        Assert.Equal(28, tensors.Names.Count);
        Assert.Equal([4, 32], tensors["base_model.model.model.language_model.layers.0.self_attn.q_proj.lora_A.weight"].Shape);
        Assert.Equal([48, 4], tensors["base_model.model.model.language_model.layers.1.mlp.up_proj.lora_B.weight"].Shape);
        using JsonDocument config = JsonDocument.Parse(File.ReadAllBytes(_folder.File("adapter", "adapter_config.json")));
        JsonElement root = config.RootElement;
        Assert.Equal("LORA", root.GetProperty("peft_type").GetString());
        Assert.Equal(4, root.GetProperty("r").GetInt32());
        Assert.Equal("none", root.GetProperty("bias").GetString());
        Assert.Equal("model.language_model.layers.0.self_attn.q_proj", root.GetProperty("target_modules")[0].GetString());
    }

    [Fact]
    public void Load_OlderModuleTree_IsUnderstood()
    {
        LoraAdapters adapters = Trained();
        float[] adapted = Logits();
        adapters.Save(_folder.File("adapter"), "base");
        adapters.Dispose();
        string file = _folder.File("adapter", "adapter_model.safetensors");
        GoldenTensors tensors = GoldenTensors.Load(file);
        using (NewDisposeScope())
        {
            RlhfV.Models.Checkpoints.Safetensors.Save(file, tensors.Names.ToDictionary(
                name => name.Replace("model.model.language_model.", "model.language_model.model.", StringComparison.Ordinal),
                name => tensor(tensors[name].ToFloats(), tensors[name].Shape)));
        }

        using LoraAdapters loaded = LoraAdapters.Load(_network, _folder.File("adapter"));

        Assert.Equal(adapted, Logits());
    }

    [Theory]
    [InlineData("\"r\": 4", "\"r\": 5", "lora_A")]
    [InlineData("\"r\": 4", "\"r\": -4", "'r' is -4")]
    [InlineData("\"use_dora\": false", "\"use_dora\": true", "use_dora")]
    [InlineData("\"LORA\"", "\"IA3\"", "peft_type")]
    [InlineData("\"r\": 4,", "", "adapter_config.json")]
    public void Load_WhatIsNotSupported_IsRefusedByName(string there, string instead, string inMessage)
    {
        using (LoraAdapters adapters = Trained())
        {
            adapters.Save(_folder.File("adapter"), "base");
        }

        string file = _folder.File("adapter", "adapter_config.json");
        File.WriteAllText(file, File.ReadAllText(file).Replace(there, instead, StringComparison.Ordinal));
        float[] before = Logits();

        var error = Assert.ThrowsAny<ModelFormatException>(() => LoraAdapters.Load(_network, _folder.File("adapter")));

        Assert.Contains(inMessage, error.Message, StringComparison.Ordinal);
        Assert.Equal(before, Logits());
    }

    [Fact]
    public void Load_NoAdapterThere_NamesTheMissingFile()
    {
        var error = Assert.Throws<FileNotFoundException>(() => LoraAdapters.Load(_network, _folder.Path));

        Assert.Contains("adapter_config.json", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Attach_NoSuchModule_ListsThoseThatExist()
    {
        LoraOptions options = Options();
        options.Targets = ["c_attn"];

        var error = Assert.Throws<ArgumentException>(() => LoraAdapters.Attach(_network, options, seed: 1));

        Assert.Contains("q_proj", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Attach_Twice_IsRefused()
    {
        using LoraAdapters adapters = LoraAdapters.Attach(_network, Options(), seed: 1);

        Assert.Throws<ArgumentException>(() => LoraAdapters.Attach(_network, Options(), seed: 1));
    }

    [Fact]
    public void Attach_TowerAsked_AdaptsItsProjections()
    {
        LoraOptions options = Options();
        (options.Targets, options.Parts) = (["q_proj"], [NetworkPart.VisionTower]);

        using LoraAdapters adapters = LoraAdapters.Attach(_network, options, seed: 1);

        Assert.All(adapters.Names, name => Assert.StartsWith("vision_tower.", name, StringComparison.Ordinal));
        Assert.Equal(2, adapters.Names.Count);
    }

    [Fact]
    public void Drop_InTrainingOnly_DependsOnThePassAlone()
    {
        LoraOptions options = Options();
        options.Dropout = 0.5;
        using LoraAdapters adapters = Trained(options);
        float[] evaluation = Logits();
        adapters.SetPass(7);
        float[] first = Logits();
        float[] again = Logits();
        adapters.SetPass(8);
        float[] other = Logits();
        adapters.SetPass(null);

        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
        Assert.NotEqual(first, evaluation);
        Assert.Equal(evaluation, Logits());
    }

    private static LoraOptions Options() => new() { Rank = 4, Alpha = 6 };

    private static void Near(float[] expected, float[] actual, double limit) =>
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, limit));

    private static void AssertMergedWeight(LoraAdapters adapters, float[] before, float[] after)
    {
        using var scope = NewDisposeScope();
        (_, Parameter a) = adapters.Parameters.First();
        (_, Parameter b) = adapters.Parameters.Skip(1).First();
        float[] expected = b.matmul(a).mul(tensor(1.5f)).flatten().data<float>().ToArray();
        float[] difference = [.. after.Zip(before, (x, y) => x - y)];
        int start = Array.FindIndex(difference, d => d != 0);
        float largest = expected.Max();
        Assert.Contains(difference, d => Math.Abs(d - largest) < 1e-5);
        Assert.True(start >= 0);
    }

    private LoraAdapters Trained(LoraOptions? options = null)
    {
        LoraAdapters adapters = LoraAdapters.Attach(_network, options ?? Options(), seed: 1);
        using var generator = new Generator(5);
        using IDisposable quiet = no_grad();
        foreach ((string name, Parameter parameter) in adapters.Parameters.Where(p => p.Name.Contains("lora_B", StringComparison.Ordinal)))
        {
            using Tensor values = randn(parameter.shape, generator: generator).mul(tensor(0.2f));
            parameter.copy_(values);
        }

        return adapters;
    }

    private float[] Logits()
    {
        using var scope = NewDisposeScope();
        using IDisposable quiet = no_grad();
        Tensor hidden = _network.Decode(_network.EmbedTokens(arange(9).unsqueeze(0)), arange(9).unsqueeze(0));
        return _network.Head(hidden).data<float>().ToArray();
    }
}
