using System.Text.Json.Nodes;
using RlhfV.Models.Checkpoints;
using RlhfV.Models.Generation;
using static TorchSharp.torch;

namespace RlhfV.Models.Tests;

public sealed class VisionLanguageModelTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rlhfv-model").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Load_NoFolder_SaysWhere()
    {
        string missing = Path.Combine(_folder, "none");
        Assert.Contains(missing, Assert.Throws<DirectoryNotFoundException>(() => VisionLanguageModel.Load(missing)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_NoConfig_SaysSo() =>
        Assert.Contains("config.json", Assert.Throws<FileNotFoundException>(() => VisionLanguageModel.Load(_folder)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("model_type", "\"gpt2\"", "supported: ")]
    [InlineData("vision_feature_layer", "-9", "vision_feature_layer")]
    [InlineData("text_config", "[1]", "text_config")]
    [InlineData("image_token_index", "5", "image token")]
    public void Load_BadConfig_NamesTheKey(string key, string value, string expected)
    {
        CopyCheckpoint();
        EditConfig(config => config[key] = JsonNode.Parse(value));
        ModelFormatException error = Assert.ThrowsAny<ModelFormatException>(() => VisionLanguageModel.Load(_folder));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_BrokenConfig_NamesTheFile()
    {
        CopyCheckpoint();
        File.WriteAllText(Path.Combine(_folder, "config.json"), "{ not json");
        Assert.Contains("config.json", Assert.ThrowsAny<ModelFormatException>(() => VisionLanguageModel.Load(_folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_MissingAndMisshapenTensors_ListsAllAtOnce()
    {
        CopyCheckpoint();
        using (var model = TinyLlava.Load())
        {
            string file = Path.Combine(_folder, "model.safetensors");
            Safetensors.Save(file, model.Network.named_parameters()
                .Where(p => !p.name.EndsWith("linear_1.bias", StringComparison.Ordinal))
                .Select(p => new KeyValuePair<string, Tensor>(p.name, p.name.EndsWith("linear_2.bias", StringComparison.Ordinal) ? ones(3) : p.parameter)));
        }

        CheckpointException error = Assert.Throws<CheckpointException>(() => VisionLanguageModel.Load(_folder));
        Assert.Contains("linear_1.bias", error.Message, StringComparison.Ordinal);
        Assert.Contains("linear_2.bias", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_InsideADisposeScope_OutlivesIt()
    {
        VisionLanguageModel model, clone;
        using (NewDisposeScope())
        {
            model = TinyLlava.Load();
            clone = model.Clone();
        }

        var options = new GenerationOptions { MaxNewTokens = 2 };
        Assert.Equal(model.Generate(TinyLlava.Ask("What is it?"), options).TokenIds, clone.Generate(TinyLlava.Ask("What is it?"), options).TokenIds);
        model.Dispose();
        clone.Dispose();
    }

    [Fact]
    public void Dispose_InTheMiddleOfAnAnswer_LetsItEndAndThenGivesTheWeightsBack()
    {
        var options = new GenerationOptions { MaxNewTokens = 6 };
        IReadOnlyList<int> expected;
        using (VisionLanguageModel other = TinyLlava.Load())
            expected = other.Generate(TinyLlava.Ask("What is it?"), options).TokenIds;
        VisionLanguageModel model = TinyLlava.Load();
        TorchSharp.Modules.Parameter[] weights = [.. model.Network.parameters()];
        using IEnumerator<GenerationUpdate> updates = model.Stream(TinyLlava.Ask("What is it?"), options).GetEnumerator();
        Assert.True(updates.MoveNext());

        model.Dispose();
        model.Dispose();

        GenerationUpdate last = updates.Current;
        while (updates.MoveNext())
            last = updates.Current;
        Assert.Equal(expected, last.Result!.TokenIds);
        Assert.All(weights, parameter => Assert.True(parameter.IsInvalid));
        Assert.Throws<ObjectDisposedException>(model.AddReference);
        Assert.Throws<ObjectDisposedException>(() => model.Generate(TinyLlava.Ask("And now?"), options));
    }

    [Fact]
    public void Clone_IsTrainedApart()
    {
        using VisionLanguageModel model = TinyLlava.Load();
        using VisionLanguageModel copy = model.Clone();
        var options = new GenerationOptions { MaxNewTokens = 8 };
        GenerationResult before = model.Generate(TinyLlava.Ask("What is it?"), options);
        Assert.Equal(before.TokenIds, copy.Generate(TinyLlava.Ask("What is it?"), options).TokenIds);
        using (no_grad())
        {
            foreach (TorchSharp.Modules.Parameter parameter in copy.Network.parameters())
            {
                parameter.zero_();
            }
        }

        Assert.Equal(before.TokenIds, model.Generate(TinyLlava.Ask("What is it?"), options).TokenIds);
        Assert.NotEqual(before.TokenIds, copy.Generate(TinyLlava.Ask("What is it?"), options).TokenIds);
    }

    [Fact]
    public void Clone_InAnotherType_RoundsTheCopyAlone()
    {
        using VisionLanguageModel model = TinyLlava.Load();
        using VisionLanguageModel copy = model.Clone(ScalarType.BFloat16);
        Assert.All(model.Network.parameters().Zip(copy.Network.parameters()), pair =>
        {
            Assert.Equal((ScalarType.Float32, ScalarType.BFloat16), (pair.First.dtype, pair.Second.dtype));
            using Tensor rounded = pair.First.to(ScalarType.BFloat16);
            Assert.True(rounded.equal(pair.Second).all().item<bool>());
        });
        Assert.NotEmpty(copy.Generate(TinyLlava.Ask("What is it?"), new GenerationOptions { MaxNewTokens = 2 }).TokenIds);
    }

    [Fact]
    public void References_TheLastOneReleasesTheWeights()
    {
        VisionLanguageModel model = TinyLlava.Load();
        VisionLanguageModel other = model.AddReference();
        model.Dispose();
        model.Dispose();
        Assert.Throws<ObjectDisposedException>(() => model.Generate(TinyLlava.Ask("What is it?")));
        Assert.NotEmpty(other.Generate(TinyLlava.Ask("What is it?"), new GenerationOptions { MaxNewTokens = 2 }).TokenIds);
        other.Dispose();
        Assert.Throws<ObjectDisposedException>(() => other.Network);
    }

    [Theory]
    [InlineData("tpu")]
    [InlineData("cuda:x")]
    [InlineData("cpu:0:1")]
    public void Load_UnknownDevice_IsRefused(string device) =>
        Assert.Contains(device, Assert.Throws<ArgumentException>(
            () => VisionLanguageModel.Load(TinyLlava.Folder, new VisionLanguageModelOptions { Device = device })).Message, StringComparison.Ordinal);

    [Fact]
    public void Save_ReplacesAModelAndKeepsWhatIsNoneOfIt()
    {
        string target = Path.Combine(_folder, "out");
        Directory.CreateDirectory(Path.Combine(target, "adapter"));
        foreach (string file in new[] { "config.json", "pytorch_model-00001-of-00002.bin", "model.safetensors.index.json", "README.md", "adapter/adapter_config.json" })
        {
            File.WriteAllText(Path.Combine(target, file), "old");
        }

        using VisionLanguageModel model = TinyLlava.Load();
        model.Save(target, ScalarType.BFloat16);
        Assert.False(File.Exists(Path.Combine(target, "pytorch_model-00001-of-00002.bin")));
        Assert.False(File.Exists(Path.Combine(target, "model.safetensors.index.json")));
        Assert.Equal("old", File.ReadAllText(Path.Combine(target, "README.md")));
        Assert.Equal("old", File.ReadAllText(Path.Combine(target, "adapter", "adapter_config.json")));
        Assert.Equal([target], Directory.GetFileSystemEntries(_folder));
        Assert.Contains("\"bfloat16\"", File.ReadAllText(Path.Combine(target, "config.json")), StringComparison.Ordinal);
    }

    [Fact]
    public void Save_FolderThatHoldsOtherThings_IsRefusedAndLeftAlone()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "other-model"));
        File.WriteAllText(Path.Combine(_folder, "other-model", "config.json"), "{}");
        using VisionLanguageModel model = TinyLlava.Load();

        var refused = Assert.Throws<IOException>(() => model.Save(_folder));

        Assert.Contains("holds 'other-model' and no config.json", refused.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_folder, "other-model", "config.json")));
    }

    [Fact]
    public void Save_UnknownType_LeavesTheTargetAsItWas()
    {
        string target = Path.Combine(_folder, "out");
        using VisionLanguageModel model = TinyLlava.Load();
        Assert.Throws<ArgumentException>(() => model.Save(target, ScalarType.Int64));
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    private void CopyCheckpoint()
    {
        foreach (string file in Directory.GetFiles(TinyLlava.Folder))
        {
            File.Copy(file, Path.Combine(_folder, Path.GetFileName(file)));
        }
    }

    private void EditConfig(Action<JsonObject> edit)
    {
        string file = Path.Combine(_folder, "config.json");
        var json = (JsonObject)JsonNode.Parse(File.ReadAllText(file))!;
        edit(json);
        File.WriteAllText(file, json.ToJsonString());
    }
}
