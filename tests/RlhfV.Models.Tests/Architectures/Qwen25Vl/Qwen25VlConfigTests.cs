using System.Text.Json;
using System.Text.Json.Nodes;
using RlhfV.Models.Architectures.Qwen25Vl;
using RlhfV.Models.Modules;

namespace RlhfV.Models.Tests.Architectures.Qwen25Vl;

public sealed class Qwen25VlConfigTests
{
    public Qwen25VlConfigTests() => RlhfV.Models.Native.NativeLibraries.EnsureLoaded();


    [Theory]
    [InlineData("rope_scaling", "type", "mrope")]
    [InlineData("rope_scaling", "rope_type", "default")]
    [InlineData("rope_parameters", "rope_type", "default")]
    public void Read_BothLayouts_GiveTheSameSizes(string ropeKey, string typeKey, string type)
    {
        JsonObject flat = TinyQwen.Config();
        JsonObject nested = TinyQwen.Nested(flat);
        var text = (JsonObject)nested["text_config"]!;
        JsonNode sections = text["rope_scaling"]!["mrope_section"]!.DeepClone();
        JsonNode theta = text["rope_theta"]!.DeepClone();
        text.Remove("rope_scaling");
        text[ropeKey] = new JsonObject { [typeKey] = type, ["mrope_section"] = sections };
        if (ropeKey == "rope_parameters")
        {
            text.Remove("rope_theta");
            text[ropeKey]!["rope_theta"] = theta;
        }

        AssertSame(Read(flat), Read(nested));
    }

    [Theory]
    [InlineData("use_sliding_window", "true", "use_sliding_window")]
    [InlineData("layer_types", """["full_attention", "sliding_attention"]""", "sliding_attention")]
    [InlineData("hidden_act", "\"gelu\"", "hidden_act")]
    [InlineData("rope_scaling", """{"type": "yarn", "factor": 4, "mrope_section": [2, 3, 3]}""", "yarn")]
    [InlineData("rope_scaling", """{"type": "mrope", "mrope_section": [2, 3, 4]}""", "mrope_section")]
    [InlineData("rope_scaling", """{"type": "mrope", "mrope_section": [8]}""", "mrope_section")]
    [InlineData("rope_scaling", """{"type": "mrope", "mrope_section": [4294967298, 3, 3]}""", "mrope_section")]
    [InlineData("hidden_size", "66", "hidden_size")]
    [InlineData("rope_scaling", """{"type": "mrope", "mrope_section": "2, 3, 3"}""", "mrope_section")]
    [InlineData("num_key_value_heads", "3", "num_key_value_heads")]
    [InlineData("num_attention_heads", "0", "num_attention_heads")]
    [InlineData("hidden_size", "\"64\"", "hidden_size")]
    public void Read_WhatIsNotSupported_IsRefusedByName(string key, string value, string expected)
    {
        JsonObject json = TinyQwen.Config();
        json[key] = JsonNode.Parse(value);
        Assert.Contains(expected, Assert.Throws<ModelFormatException>(() => Read(json)).Message, StringComparison.Ordinal);
        Assert.Contains(expected, Assert.Throws<ModelFormatException>(() => Read(TinyQwen.Nested(json))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hidden_act", "\"gelu\"", "hidden_act")]
    [InlineData("in_chans", "1", "in_channels")]
    [InlineData("num_heads", "5", "num_heads")]
    [InlineData("num_heads", "32", "multiple of 4")]
    [InlineData("window_size", "13", "window_size")]
    [InlineData("patch_size", "0", "patch_size")]
    [InlineData("spatial_merge_size", "5000", "spatial_merge_size")]
    [InlineData("depth", "-1", "depth")]
    [InlineData("hidden_size", "99999999999", "hidden_size")]
    [InlineData("out_hidden_size", "48", "out_hidden_size")]
    [InlineData("fullatt_block_indexes", "7", "fullatt_block_indexes")]
    public void Read_BadTower_NamesTheKey(string key, string value, string expected)
    {
        JsonObject json = TinyQwen.Config();
        json["vision_config"]![key] = JsonNode.Parse(value);
        Assert.Contains(expected, Assert.ThrowsAny<ModelFormatException>(() => Read(json)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PublishedSizes_HaveThePublishedNumberOfParameters()
    {
        Assert.Equal(3_754_622_976, Count(Qwen25VlConfig.Instruct3B));
        Assert.Equal(8_292_166_656, Count(Qwen25VlConfig.Instruct7B));
        Assert.Equal(73_410_777_344, Count(Qwen25VlConfig.Instruct72B));

        // The weights take address space but no memory: nobody writes to them.
        static long Count(Qwen25VlConfig size)
        {
            Assert.Equal(size.Text.HeadSize / 2, size.Text.RotarySections!.Sum());
            using var network = new Qwen25VlNetwork(size);
            return NetworkShape.Of(network).Count;
        }
    }

    private static Qwen25VlConfig Read(JsonObject json) => Qwen25VlConfig.Read(JsonSerializer.SerializeToElement(json));

    private static void AssertSame(Qwen25VlConfig expected, Qwen25VlConfig actual)
    {
        Assert.Equal(expected.ImageTokenId, actual.ImageTokenId);
        Assert.Equal(expected.Vision.FullAttentionLayers, actual.Vision.FullAttentionLayers);
        Assert.Equal(expected.Vision with { FullAttentionLayers = [] }, actual.Vision with { FullAttentionLayers = [] });
        Assert.Equal(expected.Text.RotarySections, actual.Text.RotarySections);
        DecoderConfig plain = actual.Text with { RotarySections = null };
        Assert.Equal(expected.Text with { RotarySections = null }, plain);
    }
}
