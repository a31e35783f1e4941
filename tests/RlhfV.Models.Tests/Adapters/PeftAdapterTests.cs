using RlhfV.Goldens;
using RlhfV.Models.Adapters;
using RlhfV.Models.Tests.Architectures;
using RlhfV.Models.Tests.Checkpoints;
using static TorchSharp.torch;

namespace RlhfV.Models.Tests.Adapters;

public sealed class PeftAdapterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly VisionLanguageModel _model = TinyLlava.Load();

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("model.language_model.layers.")]
    [InlineData("language_model.model.layers.")]
    public void Load_WithAdapter_AddsTheScaledProductToTheWeights(string prefix)
    {
        TinyAdapter.Write(_folder.Root, _model.Network, prefix);

        using var adapted = VisionLanguageModel.Load(TinyLlava.Folder, new() { AdapterPath = _folder.Root });

        foreach (string module in TinyAdapter.Modules)
        {
            float[] expected = Merged(module);
            float[] actual = TinyAdapter.Layer(adapted.Network, module).Weight.data<float>().ToArray();
            Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        }

        string other = "language_model.model.layers.0.self_attn.k_proj";
        Assert.Equal(
            TinyAdapter.Layer(_model.Network, other).Weight.data<float>().ToArray(),
            TinyAdapter.Layer(adapted.Network, other).Weight.data<float>().ToArray());
    }

    [Fact]
    public void Load_WithAdapter_SaysThatNoFolderHoldsTheseWeights()
    {
        TinyAdapter.Write(_folder.Root, _model.Network);

        using var adapted = VisionLanguageModel.Load(TinyLlava.Folder, new() { AdapterPath = _folder.Root });

        Assert.Null(adapted.Folder);
        Assert.Equal(_model.Name, adapted.Name);
    }

    [Fact]
    public void FindProblems_FittingAdapter_FindsNone()
    {
        TinyAdapter.Write(_folder.Root, _model.Network);

        Assert.Empty(Problems());
    }

    [Fact]
    public void FindProblems_MissingFolderAndFile_AreNamed()
    {
        Assert.Contains(
            "no adapter folder", Assert.Single(AdapterFolder.FindProblems(_folder.At("none"), TinyLlava.Folder)), StringComparison.Ordinal);
        Assert.Contains("has no adapter_config.json", Assert.Single(Problems()), StringComparison.Ordinal);
        TinyAdapter.WriteConfig(_folder.Root, []);
        Assert.Contains("has no adapter_model.safetensors", Assert.Single(Problems()), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_WhatDoesNotFit_IsListedAtOnce()
    {
        using (NewDisposeScope())
        {
            TinyAdapter.WriteTensors(_folder.Root, new Dictionary<string, Tensor>
            {
                ["base_model.model.model.language_model.layers.0.self_attn.q_proj.lora_A.weight"] = zeros(3, 64),
                ["base_model.model.model.language_model.layers.9.self_attn.q_proj.lora_A.weight"] = zeros(2, 64),
                ["base_model.model.model.language_model.embed_tokens.lora_embedding_A"] = zeros(2, 64),
                ["base_model.model.model.language_model.layers.0.self_attn.k_proj.lora_magnitude_vector.weight"] = zeros(64),
            });
        }

        TinyAdapter.WriteConfig(_folder.Root, []);

        var error = Assert.Throws<ModelFormatException>(() => PeftAdapter.Open(_folder.Root, _model.Network));

        Assert.All(
            [
                "has shape [3, 64], expected [2, 64]", "layers.9.self_attn.q_proj.lora_A.weight' belongs to no module",
                "lora_embedding_A' is no matrix of plain LoRA", "lora_magnitude_vector.weight' is no matrix", "has no lora_B",
            ],
            said => Assert.Contains(said, error.Message, StringComparison.Ordinal));
        Assert.Equal(error.Message, Assert.Single(Problems()));
    }

    [Fact]
    public void Open_OneMatrixUnderBothNames_IsRefused()
    {
        using (NewDisposeScope())
        {
            TinyAdapter.WriteTensors(_folder.Root, new Dictionary<string, Tensor>
            {
                ["base_model.model.model.language_model.layers.0.self_attn.q_proj.lora_A.weight"] = zeros(2, 64),
                ["base_model.model.language_model.model.layers.0.self_attn.q_proj.lora_A.weight"] = zeros(2, 64),
            });
        }

        TinyAdapter.WriteConfig(_folder.Root, []);

        Assert.Contains("are the same matrix", Assert.Single(Problems()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Load_CopyOfTheHead_IsAcceptedOnlyWhenItIsTheModels(float offset)
    {
        const string Head = "language_model.lm_head";
        TinyAdapter.Write(_folder.Root, _model.Network);
        using (NewDisposeScope())
        {
            Tensor own = TinyAdapter.Layer(_model.Network, Head).Weight;
            TinyAdapter.WriteTensors(_folder.Root, new Dictionary<string, Tensor>
            {
                ["base_model.model.lm_head.base_layer.weight"] = own.detach() + offset,
                ["base_model.model.lm_head.lora_A.weight"] = zeros(TinyAdapter.Rank, own.shape[1]),
                ["base_model.model.lm_head.lora_B.weight"] = zeros(own.shape[0], TinyAdapter.Rank),
            });
        }

        Assert.Empty(Problems());
        if (offset == 0)
        {
            using var adapted = VisionLanguageModel.Load(TinyLlava.Folder, new() { AdapterPath = _folder.Root });
            Assert.Equal(
                TinyAdapter.Layer(_model.Network, Head).Weight.data<float>().ToArray(),
                TinyAdapter.Layer(adapted.Network, Head).Weight.data<float>().ToArray());
        }
        else
        {
            var error = Assert.Throws<ModelFormatException>(
                () => VisionLanguageModel.Load(TinyLlava.Folder, new() { AdapterPath = _folder.Root }));
            Assert.Contains($"a weight of '{Head}' that is not this model's", error.Message, StringComparison.Ordinal);
        }
    }

    public static bool Absent => !GoldenData.Has("hf", "llava", "adapter", "expected.safetensors");

    [Fact(Skip = "hf/llava/adapter is not in this root.", SkipWhen = nameof(Absent))]
    [Trait("Category", "Golden")]
    public void Load_AdapterThatPeftWrote_GivesPeftsLogits()
    {
        using var scope = NewDisposeScope();
        using IDisposable mode = inference_mode();
        var golden = new GoldenFamily("llava");
        GoldenTensor expected = GoldenTensors.LoadGolden("hf", "llava", "adapter", "expected.safetensors")["c0.logits"];
        using var model = VisionLanguageModel.Load(golden.Checkpoint, new() { AdapterPath = GoldenData.Path("hf", "llava", "adapter") });
        EncodedPrompt prompt = model.Processor.EncodePrompt(golden.Conversation("c0").Prompt);
        Tensor embeddings = model.Network.Embed(
            golden.Tensor("c0.input_ids"), cat([.. model.Network.ProjectImages(model.Network.EncodeImages(prompt.Images))], 0));
        Tensor positions = arange(embeddings.shape[1], dtype: ScalarType.Int64).unsqueeze(0);
        Tensor logits = model.Network.Head(model.Network.Decode(embeddings, positions));

        long rows = expected.Shape[1];
        float[] last = logits.narrow(1, logits.shape[1] - rows, rows).contiguous().data<float>().ToArray();

        Assert.All(expected.ToFloats().Zip(last), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    public static TheoryData<string, object?, string> Unsupported => new()
    {
        { "peft_type", "IA3", "'peft_type' is 'IA3'" },
        { "bias", "all", "'bias' is \"all\", which is not supported" },
        { "use_dora", true, "'use_dora' is true" },
        { "use_rslora", true, "'use_rslora' is true" },
        { "fan_in_fan_out", true, "'fan_in_fan_out' is true" },
        { "modules_to_save", new[] { "lm_head" }, "'modules_to_save'" },
        { "rank_pattern", new Dictionary<string, int> { ["q_proj"] = 4 }, "'rank_pattern'" },
        { "r", null, "has no 'r'" },
        { "r", 0, "'r' is 0; expected 1 to 4096" },
        { "r", "two", "'r' is" },
        { "lora_alpha", -1, "'lora_alpha' is -1" },
        { "lora_dropout", 1.5, "'lora_dropout' is 1.5" },
    };

    [Theory]
    [MemberData(nameof(Unsupported))]
    public void Open_WhatIsNotPlainLora_IsRefusedByName(string key, object? value, string said)
    {
        TinyAdapter.Write(_folder.Root, _model.Network);
        TinyAdapter.WriteConfig(_folder.Root, new() { [key] = value });

        Assert.Contains(said, Assert.Single(Problems()), StringComparison.Ordinal);
        Assert.Throws<ModelFormatException>(
            () => VisionLanguageModel.Load(TinyLlava.Folder, new() { AdapterPath = _folder.Root }));
    }

    [Theory]
    [InlineData("adapter_config.json", "{")]
    [InlineData("adapter_config.json", "[]")]
    [InlineData("adapter_model.safetensors", "nothing")]
    public void Open_DamagedFile_IsNamed(string file, string content)
    {
        TinyAdapter.Write(_folder.Root, _model.Network);
        File.WriteAllText(_folder.At(file), content);

        Assert.Contains(file, Assert.Single(Problems()), StringComparison.Ordinal);
    }

    private IReadOnlyList<string> Problems() => AdapterFolder.FindProblems(_folder.Root, TinyLlava.Folder);

    // In plain loops: W[o, i] + alpha / rank * sum over r of B[o, r] A[r, i].
    private float[] Merged(string module)
    {
        using var scope = NewDisposeScope();
        (Tensor a, Tensor b) = TinyAdapter.Matrices(_model.Network, module);
        long[] shape = TinyAdapter.Layer(_model.Network, module).Weight.shape;
        float[] weight = TinyAdapter.Layer(_model.Network, module).Weight.data<float>().ToArray();
        (float[] first, float[] second) = (a.data<float>().ToArray(), b.data<float>().ToArray());
        for (int o = 0; o < shape[0]; o++)
        {
            for (int i = 0; i < shape[1]; i++)
            {
                double sum = 0;
                for (int r = 0; r < TinyAdapter.Rank; r++)
                {
                    sum += (double)second[o * TinyAdapter.Rank + r] * first[r * shape[1] + i];
                }

                weight[o * shape[1] + i] += (float)(TinyAdapter.Alpha / TinyAdapter.Rank * sum);
            }
        }

        return weight;
    }
}
