using RlhfV.Goldens;

namespace RlhfV.Models.Prompting.Tests;

[Trait("Category", "Golden")]
public class ChatTemplateGoldenTests
{
    [Theory]
    [InlineData("llava")]
    [InlineData("idefics3")]
    [InlineData("smolvlm")]
    [InlineData("qwen25vl")]
    [InlineData("llama3")]
    public void Render_StoredConversations_GivesTheirTexts(string family)
    {
        Assert.SkipUnless(GoldenData.Has("hf", family), $"hf/{family} is not in this root.");
        ChatTemplate template = family switch
        {
            "llava" => ChatTemplate.Llava,
            "qwen25vl" => ChatTemplate.Qwen25Vl,
            "llama3" => ChatTemplate.Llama3,
            _ => ChatTemplate.Idefics3(),
        };

        Assert.True(ChatGoldens.Check(template, family) > 0);
    }

    [Fact]
    public void Render_StoredConversationsOfOriginalLlava_GivesTheirTexts()
    {
        Assert.SkipUnless(GoldenData.Has("hf", "llava", "original"), "hf/llava/original is not in this root.");

        Assert.True(ChatGoldens.CheckOriginalLlava(ChatTemplate.VicunaV1) > 0);
    }
}
