using RlhfV.Goldens;
using RlhfV.Models.Architectures.Muffin;
using RlhfV.Models.Generation;
using RlhfV.Models.Images;
using RlhfV.Models.Modules;
using static TorchSharp.torch;

namespace RlhfV.Models.Tests.Architectures.Muffin;

public sealed class MuffinNetworkTests
{
    [Fact]
    public void PartOf_TellsTowerConnectorAndDecoderApart()
    {
        Assert.SkipUnless(GoldenMuffin.Present, "rlhfv/d_train is not in this root.");
        using var tiny = new TinyMuffin();
        ILookup<NetworkPart, string> parts = tiny.Network.named_parameters().Select(p => p.name).ToLookup(tiny.Network.PartOf);
        Assert.Equal(["model.mm_projector.bias", "model.mm_projector.weight"], parts[NetworkPart.Connector].Order());
        Assert.Contains("model.query", parts[NetworkPart.VisionTower]);
        Assert.All(parts[NetworkPart.VisionTower].Except(["model.query"]), name => Assert.StartsWith("model.vision_tower.", name, StringComparison.Ordinal));
        Assert.Contains("lm_head.weight", parts[NetworkPart.Decoder]);
        Assert.Contains("model.embed_tokens.weight", parts[NetworkPart.Decoder]);
        Assert.DoesNotContain(parts[NetworkPart.Decoder], name => name.Contains("beit3", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void Load_TowerOfAnotherPictureSize_ResizesThePositions(int grid)
    {
        Assert.SkipUnless(GoldenMuffin.Present, "rlhfv/d_train is not in this root.");
        using var tiny = new TinyMuffin();
        tiny.EditConfig(config => config["mm_vision_tower"] = $"beit3_tiny_patch16_{16 * grid}");
        VisionLanguageModel model = tiny.Model;
        using var scope = NewDisposeScope();
        const string table = "model.vision_tower.beit3.encoder.embed_positions.A.weight";
        Tensor stored = TinyMuffin.Tensor(TinyMuffin.Values("initial.safetensors")[table]);
        Tensor loaded = tiny.Network.named_parameters().Single(p => p.name == table).parameter;
        Assert.True(Beit3Positions.Resize(stored, grid).eq(loaded).all().item<bool>());
        ProcessedImage image = model.Processor.ImageProcessor.Process(TinyMuffin.Rows()[0].Image);
        Assert.Equal([3, 16 * grid, 16 * grid], image.Shape);
        Assert.NotEmpty(model.Generate(TinyMuffin.Rows()[0].Prompt, new GenerationOptions { MaxNewTokens = 2 }).TokenIds);
    }

    [Fact]
    public void Embed_PaddingRow_GetsNoGradientUnlessTheConfigurationHasNone()
    {
        using var scope = NewDisposeScope();
        foreach (long? row in (long?[])[3, null])
        {
            var table = new Embedding(4, 2) { PaddingRow = row };
            using (no_grad())
            {
                table.Weight.fill_(1);
            }

            table.call(tensor([3L, 1, 3])).sum().backward();
            Assert.Equal(row is null ? [0, 0, 1, 1, 0, 0, 2, 2] : [0, 0, 1, 1, 0, 0, 0, 0], table.Weight.grad!.data<float>().ToArray());
        }
    }

    [Fact]
    public void Training_OfOneCaption_ReachesEveryPartAndIsThenGenerated()
    {
        Assert.SkipUnless(GoldenMuffin.Present, "rlhfv/d_train is not in this root.");
        const string caption = "Two people sit.";
        using var tiny = new TinyMuffin();
        VisionLanguageModel model = tiny.Model;
        MuffinNetwork network = tiny.Network;
        using var scope = NewDisposeScope();
        EncodedPrompt prompt = model.Processor.EncodePrompt(TinyMuffin.Rows()[0].Prompt);
        IReadOnlyList<int> answer = model.Processor.Tokenizer.Encode($"Assistant: {caption}\n###", addSpecialTokens: false);
        Tensor ids = tensor([.. prompt.Ids.Concat(answer).Select(id => (long)id)]).unsqueeze(0);
        Tensor positions = arange(ids.shape[1], dtype: ScalarType.Int64).unsqueeze(0);
        foreach (TorchSharp.Modules.Parameter parameter in network.parameters())
        {
            parameter.requires_grad = true;
        }

        using var optimizer = optim.AdamW(network.parameters(), lr: 5e-3, weight_decay: 0);
        float loss = 0;
        for (int step = 0; step < 60; step++)
        {
            using var stepScope = NewDisposeScope();
            optimizer.zero_grad();
            Tensor projected = cat([.. network.ProjectImages(network.EncodeImages(prompt.Images))], 0);
            Tensor logits = network.Head(network.Decode(network.Embed(ids, projected), positions));
            Tensor mean = nn.functional.cross_entropy(
                logits[0].narrow(0, prompt.Ids.Count - 1, answer.Count), ids[0].narrow(0, prompt.Ids.Count, answer.Count));
            mean.backward();
            loss = mean.item<float>();
            if (step == 0)
            {
                AssertGradientsFlow(network);
            }

            optimizer.step();
        }

        Assert.True(loss < 0.05, $"loss {loss}");
        GenerationResult result = model.Generate(TinyMuffin.Rows()[0].Prompt, new GenerationOptions { MaxNewTokens = 64 });
        Assert.Equal(caption, result.Text);
        Assert.Equal(FinishReason.Stop, result.FinishReason);
        Assert.Equal(answer, result.TokenIds);
        string streamed = string.Concat(model.Stream(TinyMuffin.Rows()[0].Prompt, new GenerationOptions { MaxNewTokens = 64 }).Select(u => u.Text));
        Assert.Equal(caption, streamed);
    }

    // Of the last layer only the queries are read: behind its keys and values, nothing of the patches counts.
    private static void AssertGradientsFlow(MuffinNetwork network)
    {
        string last = $"model.vision_tower.beit3.encoder.layers.{network.VisionConfig.Layers - 1}.";
        string[] unread =
        [
            .. ((string[])["self_attn.q_proj.A", "self_attn.out_proj.A", "self_attn.inner_attn_ln.A", "final_layer_norm.A",
                "ffn.A.fc1", "ffn.A.fc2", "ffn.A.ffn_layernorm"]).Select(name => last + name),
            "model.vision_tower.beit3.encoder.layer_norm.A",
        ];
        foreach ((string name, TorchSharp.Modules.Parameter parameter) in network.named_parameters())
        {
            bool flows = parameter.grad is not null && parameter.grad.abs().max().item<float>() > 0;
            bool expected = !unread.Any(part => name.StartsWith(part + ".", StringComparison.Ordinal));
            Assert.True(flows == expected, $"{name}: gradient {(flows ? "flows" : "is missing")}");
        }
    }
}
