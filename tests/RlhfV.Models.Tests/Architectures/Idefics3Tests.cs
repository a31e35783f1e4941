using System.Text.Json;
using System.Text.Json.Nodes;
using RlhfV.Goldens;
using RlhfV.Models.Architectures.Idefics3;
using RlhfV.Models.Checkpoints;
using RlhfV.Models.Generation;
using RlhfV.Models.Images;
using RlhfV.Models.Modules;
using static TorchSharp.torch;

namespace RlhfV.Models.Tests.Architectures;

public sealed class Idefics3Tests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rlhfv-idefics3").FullName;

    public static TheoryData<string> Families => Idefics3GoldenTests.Families;

    private static string AnyFamily => GoldenData.Has("hf", "smolvlm") ? "smolvlm" : "idefics3";

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(nameof(Idefics3Config.SmolVlm256M), 256_484_928, 64)]
    [InlineData(nameof(Idefics3Config.SmolVlm500M), 507_482_304, 64)]
    [InlineData(nameof(Idefics3Config.SmolVlmInstruct), 2_246_272_880, 81)]
    [InlineData(nameof(Idefics3Config.SmolVlm2Instruct), 2_246_784_880, 81)]
    public void Sizes_HaveThePublishedNumbers(string name, long parameters, long tokensPerFrame)
    {
        var config = (Idefics3Config)typeof(Idefics3Config).GetProperty(name)!.GetValue(null)!;
        using var network = new Idefics3Network(config);
        Assert.Equal(parameters, NetworkShape.Of(network).Count);
        Assert.Equal(tokensPerFrame, config.TokensPerFrame);
    }

    [Theory]
    [InlineData(0, 0, "<fake_token_around_image><global-img><image><image><fake_token_around_image>")]
    [InlineData(
        1, 2,
        "<fake_token_around_image><row_1_col_1><image><image><fake_token_around_image><row_1_col_2><image><image>\n\n"
        + "<fake_token_around_image><global-img><image><image><fake_token_around_image>")]
    public void Placeholder_NamesRowsAndColumns(int rows, int columns, string expected) =>
        Assert.Equal(expected, Idefics3Family.Placeholder(new ImageGrid((rows * columns) + 1, rows, columns), 2));

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Families))]
    public void SeveralPictures_GetTheirOwnFeaturesInOrder(string family)
    {
        using var scope = NewDisposeScope();
        using IDisposable mode = inference_mode();
        var golden = new GoldenFamily(family);
        using var model = VisionLanguageModel.Load(golden.Checkpoint);
        ImageSource[] pictures = [golden.Image("a.png"), golden.Image("c_alpha.png"), golden.Image("b.png"), golden.Image("a.png")];
        EncodedPrompt encoded = model.Processor.EncodePrompt(Prompt.Ask("Which is which?", pictures));
        IReadOnlyList<Tensor> features = model.Network.ProjectImages(model.Network.EncodeImages(encoded.Images));
        Tensor ids = tensor([.. encoded.Ids.Select(id => (long)id)], [1, encoded.Ids.Count]);
        Tensor embeddings = model.Network.Embed(ids, cat([.. features], 0));
        Tensor placed = embeddings[0].index_select(0, ids[0].EqualTo(model.Network.ImageTokenId).nonzero().squeeze(1));
        Tensor alone = cat([.. pictures.Select(p => model.Network.ProjectImages(model.Network.EncodeImages([model.Processor.ImageProcessor.Process(p)]))[0])], 0);
        Assert.True(placed.allclose(alone, 1e-4, 1e-5), $"{(placed - alone).abs().max().item<float>()}");
        Assert.NotEmpty(model.Generate(Prompt.Ask("Which is which?", pictures), new GenerationOptions { MaxNewTokens = 3 }).TokenIds);
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Families))]
    public void ManyFrames_InSeveralPasses_GiveTheSame(string family)
    {
        using var scope = NewDisposeScope();
        using IDisposable mode = inference_mode();
        var golden = new GoldenFamily(family);
        using var model = VisionLanguageModel.Load(golden.Checkpoint);
        ProcessedImage image = model.Processor.ImageProcessor.Process(golden.Image("a.png"));
        ProcessedImage[] many = [.. Enumerable.Repeat(image, 40 / image.Grid.Frames + 1)];
        Tensor one = model.Network.EncodeImages([image])[0];
        Assert.All(model.Network.EncodeImages(many), features => Assert.True(features.allclose(one, 1e-4, 1e-5)));
    }

    [Fact]
    public void PartOf_KnowsModulesAndParameters()
    {
        using var network = new Idefics3Network(Idefics3Config.Read(JsonSerializer.SerializeToElement(Config(AnyFamily))));
        Dictionary<NetworkPart, HashSet<string>> linears = network.named_modules().Where(m => m.module is Linear)
            .GroupBy(m => network.PartOf(m.name)).ToDictionary(g => g.Key, g => g.Select(m => m.name.Split('.')[^1]).ToHashSet());
        Assert.Equivalent((string[])["q_proj", "k_proj", "v_proj", "out_proj", "fc1", "fc2"], linears[NetworkPart.VisionTower], strict: true);
        Assert.Equivalent((string[])["proj"], linears[NetworkPart.Connector], strict: true);
        Assert.Equivalent(
            (string[])["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj", "lm_head"],
            linears[NetworkPart.Decoder], strict: true);
        Assert.Equal(NetworkPart.VisionTower, network.PartOf("model.vision_model.embeddings.position_embedding.weight"));
        Assert.Equal(NetworkPart.Decoder, network.PartOf("model.text_model.embed_tokens.weight"));
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Families))]
    public void Load_ConfigOfTransformers5_GivesTheSameAnswer(string family)
    {
        var golden = new GoldenFamily(family);
        CopyCheckpoint(golden);
        JsonObject json = Config(family);
        JsonNode text = json["text_config"]!;
        text["rope_parameters"] = new JsonObject { ["rope_theta"] = text["rope_theta"]!.DeepClone(), ["rope_type"] = "default" };
        text.AsObject().Remove("rope_theta");
        text.AsObject().Remove("rope_scaling");
        json["dtype"] = json["torch_dtype"]!.DeepClone();
        json.Remove("torch_dtype");
        Write(json);
        using var model = VisionLanguageModel.Load(_folder);
        GenerationResult result = model.Generate(golden.Conversation("c0").Prompt, new GenerationOptions { MaxNewTokens = 16 });
        Assert.Equal(golden.Longs("c0.generated_ids"), result.TokenIds.Select(i => (long)i));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Load_TiedHead_UsesTheTokenTable(bool storedAsWell)
    {
        var golden = new GoldenFamily(AnyFamily);
        CopyCheckpoint(golden);
        JsonObject json = Config(AnyFamily);
        json["tie_word_embeddings"] = true;
        Write(json);
        Rewrite(golden, name => name == "lm_head.weight" && !storedAsWell ? null : name);
        using var scope = NewDisposeScope();
        using var model = VisionLanguageModel.Load(_folder);
        using IDisposable mode = inference_mode();
        Tensor hidden = ones(1, 1, model.Network.DecoderConfig.HiddenSize);
        Tensor table = model.Network.named_parameters().Single(p => p.name == "model.text_model.embed_tokens.weight").parameter;
        Assert.True(model.Network.Head(hidden).view(-1).allclose(table.sum(1), 1e-4, 1e-4));
    }

    [Fact]
    public void Load_ExportOfTheBareModel_IsMapped()
    {
        var golden = new GoldenFamily(AnyFamily);
        CopyCheckpoint(golden);
        Rewrite(golden, name => name.StartsWith("model.", StringComparison.Ordinal) ? name["model.".Length..] : name);
        using var model = VisionLanguageModel.Load(_folder);
        GenerationResult result = model.Generate(golden.Conversation("c0").Prompt, new GenerationOptions { MaxNewTokens = 16 });
        Assert.Equal(golden.Longs("c0.generated_ids"), result.TokenIds.Select(i => (long)i));
    }

    [Fact]
    public void Load_SplittingOff_GivesOneFrameAndItsTokens()
    {
        var golden = new GoldenFamily(AnyFamily);
        CopyCheckpoint(golden);
        string file = Path.Combine(_folder, ImageProcessor.FileName);
        JsonObject settings = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        settings["do_image_splitting"] = false;
        File.WriteAllText(file, settings.ToJsonString());
        using var model = VisionLanguageModel.Load(_folder);
        EncodedPrompt encoded = model.Processor.EncodePrompt(golden.Conversation("c0").Prompt);
        Assert.Equal(new ImageGrid(1, 0, 0), encoded.Images[0].Grid);
        var network = (Idefics3Network)model.Network;
        Assert.Equal(
            Idefics3Config.Read(JsonSerializer.SerializeToElement(Config(AnyFamily))).TokensPerFrame,
            encoded.Ids.Count(id => id == network.ImageTokenId));
        Assert.NotEmpty(model.Generate(golden.Conversation("c0").Prompt, new GenerationOptions { MaxNewTokens = 3 }).TokenIds);
    }

    [Fact]
    public void Load_SettingsInsideTheProcessorsFile_AreFound()
    {
        var golden = new GoldenFamily(AnyFamily);
        CopyCheckpoint(golden);
        string own = Path.Combine(_folder, ImageProcessor.FileName), shared = Path.Combine(_folder, "processor_config.json");
        JsonObject json = JsonNode.Parse(File.ReadAllText(shared))!.AsObject();
        json["image_processor"] = JsonNode.Parse(File.ReadAllText(own));
        File.WriteAllText(shared, json.ToJsonString());
        File.Delete(own);
        using var model = VisionLanguageModel.Load(_folder);
        Assert.Equal(golden.Longs("c0.input_ids"), model.Processor.EncodePrompt(golden.Conversation("c0").Prompt).Ids.Select(id => (long)id));
    }

    [Fact]
    public void Tower_GridThatRoundingShifts_TakesThePositionsOfTheReference()
    {
        var vision = new SiglipVisionConfig { ImageSize = 39, PatchSize = 2, HiddenSize = 2, FeedForwardSize = 2, Layers = 1, Heads = 1 };
        using var scope = NewDisposeScope();
        using IDisposable mode = no_grad();
        using var tower = new SiglipVisionTower(vision);
        foreach ((string name, TorchSharp.Modules.Parameter parameter) in tower.named_parameters())
        {
            parameter.zero_();
            if (name == "embeddings.position_embedding.weight")
            {
                parameter.copy_(arange(361f).unsqueeze(1).expand(-1, 2));
            }
        }

        float[] places = [];
        tower.Run(zeros(1, 3, 39, 39), (layer, state) => places = layer == 0 ? [.. state[0].select(1, 0).contiguous().data<float>()] : places);

        // Row and column 12 of 19 take the place of 11.
        Assert.Equal(361, places.Length);
        Assert.Equal((11 * 19) + 11, places[(12 * 19) + 12]);
        Assert.Equal((13 * 19) + 10, places[(13 * 19) + 10]);
    }

    [Fact]
    public void Save_KeepsTheProcessorsFile()
    {
        var golden = new GoldenFamily(AnyFamily);
        using var model = VisionLanguageModel.Load(golden.Checkpoint);
        string target = Path.Combine(_folder, "saved");
        model.Save(target);

        // The reference takes the number of image tokens from it, with a default that fits none of the small models.
        Assert.Equal(
            File.ReadAllText(Path.Combine(golden.Checkpoint, "processor_config.json")), File.ReadAllText(Path.Combine(target, "processor_config.json")));
    }

    [Theory]
    [InlineData("scale_factor", "3000", "scale_factor")]
    [InlineData("image_token_id", "5", "image token")]
    [InlineData("text_config", """{ "model_type": "mistral" }""", "mistral")]
    [InlineData("vision_config", """{ "hidden_act": "relu" }""", "hidden_act")]
    [InlineData("vision_config", """{ "patch_size": 0 }""", "patch_size")]
    [InlineData("vision_config", """{ "num_channels": 1 }""", "num_channels")]
    [InlineData("vision_config", """{ "image_size": 128, "patch_size": 8 }""", "max_image_size")]
    public void Load_BadConfig_NamesTheKey(string key, string value, string expected)
    {
        var golden = new GoldenFamily(AnyFamily);
        CopyCheckpoint(golden);
        JsonObject json = Config(AnyFamily);
        json[key] = JsonNode.Parse(value);
        Write(json);
        ModelFormatException error = Assert.ThrowsAny<ModelFormatException>(() => VisionLanguageModel.Load(_folder));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private static JsonObject Config(string family) =>
        JsonNode.Parse(File.ReadAllText(GoldenData.Path("hf", family, "checkpoint", "config.json")))!.AsObject();

    private void Write(JsonObject config) => File.WriteAllText(Path.Combine(_folder, "config.json"), config.ToJsonString());

    private void Rewrite(GoldenFamily golden, Func<string, string?> rename)
    {
        using var model = VisionLanguageModel.Load(golden.Checkpoint);
        Safetensors.Save(Path.Combine(_folder, "model.safetensors"), model.Network.named_parameters()
            .Where(p => rename(p.name) is not null).Select(p => new KeyValuePair<string, Tensor>(rename(p.name)!, p.parameter)));
    }

    private void CopyCheckpoint(GoldenFamily golden)
    {
        foreach (string file in Directory.GetFiles(golden.Checkpoint))
        {
            File.Copy(file, Path.Combine(_folder, Path.GetFileName(file)));
        }
    }
}
