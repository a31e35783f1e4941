using System.Text.Json;
using RlhfV.Goldens;
using RlhfV.Models.Architectures.Llava;

namespace RlhfV.Models.Tests.Architectures;

[Trait("Category", "Golden")]
public sealed class LlavaNamesTests
{
    public static bool Absent => !GoldenData.Has("hf", "llava", "variants", "module_names.json");

    [Fact(Skip = "hf/llava/variants is not in this root.", SkipWhen = nameof(Absent))]
    public void PublishedAndModuleTreeNames_MeanTheSameTensor()
    {
        JsonElement names = JsonSerializer.Deserialize<JsonElement>(File.ReadAllBytes(GoldenData.Path("hf", "llava", "variants", "module_names.json")));
        Assert.All(names.EnumerateObject(), entry =>
        {
            Assert.Equal(entry.Name, LlavaFamily.Instance.MapTensorName(entry.Name));
            Assert.Equal(entry.Name, LlavaFamily.Instance.MapTensorName(entry.Value.GetProperty("module_tree_of_5_12").GetString()!));
        });
    }

    [Theory]
    [InlineData("vision_tower.embeddings.class_embedding", "vision_tower.vision_model.embeddings.class_embedding")]
    [InlineData("language_model.model.layers.0.self_attn.rotary_emb.inv_freq", null)]
    [InlineData("vision_tower.vision_model.embeddings.position_ids", null)]
    [InlineData("something.else", "something.else")]
    public void OtherNames_AreMappedDroppedOrLeft(string stored, string? network) =>
        Assert.Equal(network, LlavaFamily.Instance.MapTensorName(stored));
}
