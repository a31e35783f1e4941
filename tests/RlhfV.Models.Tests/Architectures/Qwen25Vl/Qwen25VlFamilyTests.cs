using System.Text.Json.Nodes;
using RlhfV.Models.Architectures.Qwen25Vl;
using RlhfV.Models.Checkpoints;
using RlhfV.Models.Generation;
using static TorchSharp.torch;

namespace RlhfV.Models.Tests.Architectures.Qwen25Vl;

public sealed class Qwen25VlFamilyTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rlhfv-qwen").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Load_NewerNamesAndLayout_IsTheSameModel()
    {
        using VisionLanguageModel published = TinyQwen.Load();
        CopyCheckpoint();
        WriteConfig(TinyQwen.Nested(TinyQwen.Config()));
        WriteTensors(published, name => name);
        using VisionLanguageModel newer = VisionLanguageModel.Load(_folder);
        AssertEqualWeights(published, newer);
        Prompt prompt = Prompt.Ask("What is it?", TinyQwen.Picture("b.png"));
        var options = new GenerationOptions { MaxNewTokens = 6 };
        Assert.Equal(published.Generate(prompt, options).TokenIds, newer.Generate(prompt, options).TokenIds);

        // Saved under the published names, which every release reads.
        string saved = Path.Combine(_folder, "saved");
        newer.Save(saved);
        using TensorSource source = TensorSource.Open(saved);
        using TensorSource original = TensorSource.Open(TinyQwen.Folder);
        Assert.Equal(original.Tensors.Keys.Order(StringComparer.Ordinal), source.Tensors.Keys.Order(StringComparer.Ordinal));
        using VisionLanguageModel again = VisionLanguageModel.Load(saved);
        AssertEqualWeights(published, again);
    }

    [Fact]
    public void Load_ComputedBuffersOfOldExports_AreLeftOut()
    {
        using VisionLanguageModel published = TinyQwen.Load();
        CopyCheckpoint();
        WriteTensors(published, name => name, ("visual.rotary_pos_emb.inv_freq", ones(4)), ("model.rotary_emb.inv_freq", ones(8)));
        using VisionLanguageModel loaded = VisionLanguageModel.Load(_folder);
        AssertEqualWeights(published, loaded);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Load_TiedHead_UsesTheTokenTable(bool storedAsWell)
    {
        using var scope = NewDisposeScope();
        using VisionLanguageModel published = TinyQwen.Load();
        CopyCheckpoint();
        JsonObject config = TinyQwen.Config();
        config["tie_word_embeddings"] = true;
        WriteConfig(config);
        WriteTensors(published, name => name == "lm_head.weight" && !storedAsWell ? null : name);
        using VisionLanguageModel tied = VisionLanguageModel.Load(_folder);
        Tensor hidden = randn(3, tied.Network.DecoderConfig.HiddenSize);
        Tensor table = tied.Network.named_parameters().Single(p => p.name.EndsWith("embed_tokens.weight", StringComparison.Ordinal)).parameter;
        Assert.True(tied.Network.Head(hidden).allclose(hidden.matmul(table.t()), rtol: 1e-5, atol: 1e-5));
    }

    [Theory]
    [InlineData("merge_size", 4)]
    [InlineData("patch_size", 16)]
    public void Load_PreprocessorOfAnotherModel_IsRefused(string key, int value)
    {
        CopyCheckpoint();
        string file = Path.Combine(_folder, "preprocessor_config.json");
        var json = (JsonObject)JsonNode.Parse(File.ReadAllText(file))!;
        json[key] = value;
        File.WriteAllText(file, json.ToJsonString());
        Assert.Contains(key, Assert.Throws<ModelFormatException>(() => VisionLanguageModel.Load(_folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_ImageTokenOfAnotherTokenizer_IsRefused()
    {
        CopyCheckpoint();
        JsonObject config = TinyQwen.Config();
        config["image_token_id"] = 5;
        WriteConfig(config);
        Assert.Contains("image token", Assert.Throws<ModelFormatException>(() => VisionLanguageModel.Load(_folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EndIds_AreThoseOfTheGenerationConfig()
    {
        using VisionLanguageModel model = TinyQwen.Load();
        Assert.Equal(
            ["<|endoftext|>", "<|im_end|>"],
            model.EndIds.Select(id => model.Processor.Tokenizer.TokenId("<|im_end|>") == id ? "<|im_end|>" : "<|endoftext|>").Order(StringComparer.Ordinal));
        Assert.Contains((int)model.Processor.Tokenizer.TokenId("<|endoftext|>")!, model.EndIds);
    }

    [Fact]
    public void Parts_AreTowerMergerAndDecoder()
    {
        using VisionLanguageModel model = TinyQwen.Load();
        ILookup<NetworkPart, string> parts = model.Network.named_parameters().Select(p => p.name).ToLookup(model.Network.PartOf);
        Assert.All(parts[NetworkPart.VisionTower], name => Assert.DoesNotContain("merger", name, StringComparison.Ordinal));
        Assert.Equal(5, parts[NetworkPart.Connector].Count());
        Assert.Contains("lm_head.weight", parts[NetworkPart.Decoder]);
        Assert.Contains("model.visual.patch_embed.proj.weight", parts[NetworkPart.VisionTower]);
    }

    [Fact]
    public void EncodeImages_InSeveralPasses_GivesWhatOnePassGives()
    {
        using VisionLanguageModel model = TinyQwen.Load();
        using var scope = NewDisposeScope();
        using IDisposable mode = inference_mode();
        var network = (Qwen25VlNetwork)model.Network;
        Tensor pixels = randn(5, 24, 1176);
        Tensor together = network.EncodeImages(pixels, new(1, 4, 6));
        foreach (long patches in (long[])[50, 1])
        {
            network.Tower.PatchesPerPass = patches;
            float difference = (network.EncodeImages(pixels, new(1, 4, 6)) - together).abs().max().item<float>();
            Assert.True(difference < 1e-5f * together.abs().max().item<float>(), $"{patches} patches per pass: {difference}");
        }
    }

    [Fact]
    public void EncodeImages_RefusesWhatDoesNotFitTheGrid()
    {
        using VisionLanguageModel model = TinyQwen.Load();
        using var scope = NewDisposeScope();
        Assert.Throws<ArgumentException>("pixels", () => model.Network.EncodeImages(zeros(1, 16, 1175), new(1, 4, 4)));
        Assert.Throws<ArgumentException>("pixels", () => model.Network.EncodeImages(zeros(1, 12, 1176), new(1, 4, 4)));
        Assert.Throws<ArgumentException>("grid", () => model.Network.EncodeImages(zeros(1, 12, 1176), new(1, 3, 4)));
        Assert.Throws<ArgumentException>("grid", () => model.Network.EncodeImages(zeros(1, 16, 1176), new(2, 2, 4)));
    }

    private static void AssertEqualWeights(VisionLanguageModel expected, VisionLanguageModel actual)
    {
        Dictionary<string, TorchSharp.Modules.Parameter> own = actual.Network.named_parameters().ToDictionary(p => p.name, p => p.parameter);
        Assert.Equal(own.Count, expected.Network.named_parameters().Count());
        Assert.All(expected.Network.named_parameters(), p => Assert.True(own[p.name].eq(p.parameter).all().item<bool>(), p.name));
    }

    private void CopyCheckpoint()
    {
        foreach (string file in Directory.GetFiles(TinyQwen.Folder))
        {
            File.Copy(file, Path.Combine(_folder, Path.GetFileName(file)));
        }
    }

    private void WriteConfig(JsonObject json) => File.WriteAllText(Path.Combine(_folder, "config.json"), json.ToJsonString());

    private void WriteTensors(VisionLanguageModel model, Func<string, string?> nameOf, params (string Name, Tensor Tensor)[] more) => Safetensors.Save(
        Path.Combine(_folder, "model.safetensors"),
        model.Network.named_parameters()
            .Where(p => nameOf(p.name) is not null).Select(p => new KeyValuePair<string, Tensor>(nameOf(p.name)!, p.parameter))
            .Concat(more.Select(m => KeyValuePair.Create(m.Name, m.Tensor))));
}
