using RlhfV.Goldens;

namespace RlhfV.Models.Tests.Architectures.Muffin;

public sealed class MuffinFamilyTests
{
    [Theory]
    [InlineData("added_tokens.json", null, "added_tokens.json")]
    [InlineData("preprocessor_config.json", """{"image_processor_type": "CLIPImageProcessor"}""", "ClipImageProcessor")]
    [InlineData(
        "preprocessor_config.json",
        """{"image_processor_type": "MuffinImageProcessor", "size": {"height": 8, "width": 8}}""", "8 pixels")]
    public void Load_FilesThatDoNotFit_AreNamed(string file, string? content, string expected)
    {
        Assert.SkipUnless(GoldenMuffin.Present, "rlhfv/d_train is not in this root.");
        using var tiny = new TinyMuffin();
        string path = Path.Combine(tiny.Folder, file);
        File.Delete(path);
        if (content is not null)
        {
            File.WriteAllText(path, content);
        }

        ModelFormatException error = Assert.ThrowsAny<ModelFormatException>(() => tiny.Model);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains(tiny.Folder, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_ImageTokenOfAnotherId_IsRefused()
    {
        Assert.SkipUnless(GoldenMuffin.Present, "rlhfv/d_train is not in this root.");
        using var tiny = new TinyMuffin();
        tiny.EditConfig(config => config["image_token_index"] = 5);
        Assert.Contains("image_token_index", Assert.ThrowsAny<ModelFormatException>(() => tiny.Model).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_UnknownTowerWithoutSizes_AsksForThem()
    {
        Assert.SkipUnless(GoldenMuffin.Present, "rlhfv/d_train is not in this root.");
        using var tiny = new TinyMuffin();
        tiny.EditConfig(config => config.Remove("vision_config"));
        Assert.Contains("vision_config", Assert.ThrowsAny<ModelFormatException>(() => tiny.Model).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EncodeAnswer_PicturesThatDoNotFit_AreRefused()
    {
        Assert.SkipUnless(GoldenMuffin.Present, "rlhfv/d_train is not in this root.");
        using var tiny = new TinyMuffin();
        VisionLanguageProcessor processor = tiny.Model.Processor;
        Assert.Equal("images", Assert.Throws<ArgumentException>(
            () => processor.EncodeAnswer(TinyMuffin.Rows()[0].Prompt, "A cat.", [])).ParamName);
        Assert.Throws<ArgumentException>(() => processor.EncodePrompt(Prompt.Ask("What is in <image>?")));
    }

    [Fact]
    public void EncodeAnswer_EarlierAnswers_AreCountedAsTheReferenceDoes()
    {
        Assert.SkipUnless(GoldenMuffin.Present, "rlhfv/d_train is not in this root.");
        using var tiny = new TinyMuffin();
        VisionLanguageProcessor processor = tiny.Model.Processor;
        EncodedAnswer encoded = processor.EncodeAnswer(Prompt.Ask("Who?").WithAnswer("A cat.").WithQuestion("Where?"), "On a mat.");
        string counted = processor.Tokenizer.Decode([.. encoded.CountedPromptTokens.Select(i => encoded.PromptIds[i])]);
        Assert.Equal("###### Assistant: A cat.\n###### Assistant:", counted.TrimEnd());
        Assert.Equal("On a mat.\n###", processor.Tokenizer.Decode(encoded.AnswerIds).Trim());
    }
}
