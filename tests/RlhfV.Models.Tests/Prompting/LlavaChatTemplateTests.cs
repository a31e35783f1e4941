namespace RlhfV.Models.Prompting.Tests;

public class LlavaChatTemplateTests
{
    [Fact]
    public void Render_StoredConversations_GivesTheirTexts() => Assert.True(ChatGoldens.Check(ChatTemplate.Llava, "llava") >= 4);
}
