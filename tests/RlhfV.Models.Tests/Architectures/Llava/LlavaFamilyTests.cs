using RlhfV.Models.Architectures.Llava;

namespace RlhfV.Models.Tests.Architectures.Llava;

public class LlavaFamilyTests
{
    [Theory]
    [InlineData("vision_tower.pre_layrnorm.bias", "vision_tower.vision_model.pre_layrnorm.bias")]
    [InlineData("vision_tower.vision_model.pre_layrnorm.bias", "vision_tower.vision_model.pre_layrnorm.bias")]
    [InlineData("language_model.lm_head.weight", "language_model.lm_head.weight")]
    [InlineData("vision_tower.vision_model.embeddings.position_ids", null)]
    public void MapTensorName_AnyVersionOfTransformers_GivesTheNetworksName(string stored, string? expected) =>
        Assert.Equal(expected, LlavaFamily.Instance.MapTensorName(stored));
}
