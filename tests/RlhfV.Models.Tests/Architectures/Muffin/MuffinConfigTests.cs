using System.Text.Json;
using System.Text.Json.Nodes;
using RlhfV.Models.Architectures.Muffin;

namespace RlhfV.Models.Tests.Architectures.Muffin;

public sealed class MuffinConfigTests
{
    // The keys and values of the published 13B checkpoint.
    private const string Released = """
        {
          "_name_or_path": "RLHF-V_SFT", "architectures": ["Beit3LlavaLlamaForCausalLM"], "bos_token_id": 0, "eos_token_id": 1,
          "freeze_mm_mlp_adapter": false, "fully_tune": true, "hidden_act": "silu", "hidden_size": 5120, "initializer_range": 0.02,
          "intermediate_size": 13824, "max_sequence_length": 2048, "mm_use_im_start_end": true,
          "mm_vision_tower": "beit3_large_patch16_448", "model_type": "beit3_llava", "num_attention_heads": 40, "num_hidden_layers": 40,
          "num_query": 64, "pad_token_id": -1, "rms_norm_eps": 1e-06, "tie_word_embeddings": false, "torch_dtype": "float32",
          "transformers_version": "4.28.0.dev0", "tune_mm_mlp_adapter": false, "use_cache": false, "use_mm_proj": true, "vocab_size": 32004
        }
        """;

    [Fact]
    public void Read_ReleasedFile_IsTheNamedConfiguration()
    {
        MuffinConfig config = Read(_ => { });
        Assert.Equal(MuffinConfig.RlhfV13B, config);
        Assert.Equal(784, config.Vision.Patches);
        Assert.Equal(2048, config.Text.MaxPositions);
    }

    // The weights take address space but no memory: nobody writes to them.
    [Fact]
    public void Network_OfThePublishedSize_HasAsManyParametersAsItsFiles()
    {
        using var network = new MuffinNetwork(MuffinConfig.RlhfV13B);
        NetworkShape shape = NetworkShape.Of(network);
        Assert.Equal(13_628_976_128, shape.Count);
        Assert.Equal(607_822_848, shape.Parameters.Where(p => p.Part == NetworkPart.VisionTower).Sum(p => p.Count));
    }

    [Fact]
    public void Read_BaseTower_HasItsSizes() =>
        Assert.Equal(Beit3Config.Base(224), Read(config => config["mm_vision_tower"] = "beit3_base_patch16_224").Vision);

    [Fact]
    public void Read_SizesInTheFile_GoBeforeTheName()
    {
        MuffinConfig config = Read(json => json["vision_config"] =
            JsonNode.Parse("""{"hidden_size": 96, "num_attention_heads": 3, "num_hidden_layers": 2, "max_source_positions": 80}"""));
        Assert.Equal(
            new Beit3Config { ImageSize = 448, HiddenSize = 96, FeedForwardSize = 384, Layers = 2, Heads = 3, QueryPositions = 80 },
            config.Vision);
    }

    [Theory]
    [InlineData("null", null)]
    [InlineData("-1", 32003L)]
    [InlineData("0", 0L)]
    public void Read_PaddingId_IsARowOfTheTable(string value, long? expected) =>
        Assert.Equal(expected, Read(config => config["pad_token_id"] = JsonNode.Parse(value)).PaddingRow);

    [Theory]
    [InlineData("mm_vision_tower", "\"beit3_giant_patch16_448\"", "vision_config")]
    [InlineData("mm_vision_tower", "\"openai/clip-vit-large-patch14\"", "ends in the picture's size")]
    [InlineData("mm_vision_tower", "\"beit3_large_patch16_999999999\"", "ends in the picture's size")]
    [InlineData("mm_vision_tower", "\"beit3_large_patch16_450\"", "must divide")]
    [InlineData("mm_vision_tower", "7", "mm_vision_tower")]
    [InlineData("vision_config", "{\"hidden_size\": 96}", "num_hidden_layers")]
    [InlineData("vision_config", "{\"hidden_size\": 96, \"num_hidden_layers\": 2, \"num_attention_heads\": 5}", "num_attention_heads")]
    [InlineData("num_query", "0", "num_query")]
    [InlineData("num_query", "1.5", "num_query")]
    [InlineData("num_query", "1023", "1 to 1022")]
    [InlineData("num_attention_heads", "0", "num_attention_heads")]
    [InlineData("num_attention_heads", "7", "num_attention_heads")]
    [InlineData("num_attention_heads", "1024", "even")]
    [InlineData("num_hidden_layers", "-1", "num_hidden_layers")]
    [InlineData("intermediate_size", "0", "intermediate_size")]
    [InlineData("vocab_size", "-4", "vocab_size")]
    [InlineData("hidden_size", "99999999999", "hidden_size")]
    [InlineData("vision_config", "{\"hidden_size\": 96, \"num_hidden_layers\": 2, \"num_attention_heads\": 3, \"max_source_positions\": -1}", "max_source_positions")]
    [InlineData("pad_token_id", "-32005", "pad_token_id")]
    [InlineData("pad_token_id", "32004", "pad_token_id")]
    [InlineData("image_token_index", "32004", "image_token_index")]
    [InlineData("use_mm_proj", "false", "use_mm_proj")]
    [InlineData("mm_use_im_start_end", "false", "mm_use_im_start_end")]
    [InlineData("hidden_act", "\"gelu\"", "hidden_act")]
    public void Read_WhatDoesNotFit_IsRefusedByName(string key, string value, string expected) =>
        Assert.Contains(
            expected, Assert.ThrowsAny<ModelFormatException>(() => Read(config => config[key] = JsonNode.Parse(value))).Message, StringComparison.Ordinal);

    private static MuffinConfig Read(Action<JsonObject> edit)
    {
        var json = (JsonObject)JsonNode.Parse(Released)!;
        edit(json);
        return MuffinConfig.Read(JsonSerializer.SerializeToElement(json));
    }
}
