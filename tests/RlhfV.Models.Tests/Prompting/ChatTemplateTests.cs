namespace RlhfV.Models.Prompting.Tests;

public class ChatTemplateTests
{
    private static readonly ImageSource Picture = ImageSource.FromFile("unused.png");

    [Fact]
    public void Render_VicunaWithoutText_WritesTheRoleAlone()
    {
        string text = ChatTemplate.VicunaV1.Render(new Prompt([new PromptTurn(PromptRole.User, [])], "S"), addGenerationPrompt: true);

        Assert.Equal("S USER:ASSISTANT:", text);
    }

    [Fact]
    public void Render_LlavaPictureBehindText_WritesThePictureFirst()
    {
        var prompt = new Prompt([new PromptTurn(PromptRole.User, [new TextPart("What?"), new ImagePart(Picture)])]);

        Assert.Equal("USER: <image>\nWhat? ASSISTANT:", ChatTemplate.Llava.Render(prompt, addGenerationPrompt: true));
    }

    [Fact]
    public void Render_SeveralPictures_WritesAMarkerForEach()
    {
        Prompt prompt = Prompt.Ask("Compare.", Picture, Picture);
        ChatTemplate[] templates =
        [
            ChatTemplate.Llava, ChatTemplate.VicunaV1, ChatTemplate.MuffinTraining, ChatTemplate.MuffinEvaluation, ChatTemplate.Idefics3(),
            ChatTemplate.Qwen25Vl,
        ];

        Assert.All(templates, t => Assert.Equal(3, t.Render(prompt, addGenerationPrompt: true).Split(t.ImageMarker).Length));
    }

    [Fact]
    public void Render_LongerConversation_ContinuesTheShorterOne()
    {
        Prompt asked = Prompt.Ask("What is it?", Picture);
        ChatTemplate[] templates =
        [
            ChatTemplate.Llava, ChatTemplate.VicunaV1, ChatTemplate.MuffinTraining, ChatTemplate.MuffinEvaluation, ChatTemplate.Idefics3(),
            ChatTemplate.Qwen25Vl,
        ];

        Assert.All(templates, t => Assert.StartsWith(
            t.Render(asked, addGenerationPrompt: true), t.Render(asked.WithAnswer("A cat."), addGenerationPrompt: false)));
    }

    [Fact]
    public void Render_MuffinEvaluationOfSeveralQuestions_HasTheFormOfTraining()
    {
        Prompt prompt = Prompt.Ask("What?", Picture).WithAnswer("A cat.").WithQuestion("Where?");

        Assert.Equal(ChatTemplate.MuffinTraining.Render(prompt, true), ChatTemplate.MuffinEvaluation.Render(prompt, true));
        Assert.EndsWith(
            "### Human: <image>\nWhat?\n### Assistant: A cat.\n### Human: Where?\n###",
            ChatTemplate.MuffinEvaluation.Render(prompt, true));
    }

    [Fact]
    public void Render_PictureForLlama3_IsRefused()
    {
        var thrown = Assert.Throws<ArgumentException>(() => ChatTemplate.Llama3.Render(Prompt.Ask("What?", Picture), true));

        Assert.Equal("prompt", thrown.ParamName);
    }

    [Fact]
    public void Render_Idefics3OfLlama3_StartsWithItsBeginToken() =>
        Assert.Equal(
            "<|begin_of_text|>User: Hi<end_of_utterance>\n",
            ChatTemplate.Idefics3("<|begin_of_text|>").Render(Prompt.Ask("Hi"), false));
}
