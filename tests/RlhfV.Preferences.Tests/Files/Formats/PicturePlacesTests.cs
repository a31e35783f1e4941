namespace RlhfV.Preferences.Tests.Files.Formats;

/// <summary>Where the marks of several pictures may stand in conversations of other tools.</summary>
public sealed class PicturePlacesTests
{
    [Theory]
    [InlineData("<image><image>What differs?", "What differs?")]
    [InlineData("<image>\\n<image>\\nWhat differs?", "What differs?")]
    [InlineData("<image> <image>\\nWhat differs?", "What differs?")]
    [InlineData("<image><image>", "")]
    [InlineData("What differs?<image><image>", "What differs?")]
    [InlineData("What differs?\\n<image>\\n<image>", "What differs?")]
    public void Read_LlamaFactoryMarksAtOneEnd_AreTakenOut(string text, string prompt)
    {
        PreferenceExample example = Assert.Single(ReadLlamaFactory(text, "a.png", "b.png"));

        Assert.Equal(prompt, example.Prompt);
        Assert.Equal(["a.png", "b.png"], example.Images.Select(image => image.Path));
    }

    [Theory]
    [InlineData("Before: <image> After: <image>", 2)]
    [InlineData("<image>What differs?<image>", 2)]
    [InlineData("<image>What differs?", 2)]
    [InlineData("<image><image><image>What differs?", 2)]
    [InlineData("What differs?", 2)]
    [InlineData("<image><image>What differs?", 3)]
    [InlineData("<image><image>What differs?", 1)]
    public void Read_LlamaFactoryMarksElsewhereOrOfAnotherNumber_AreRefused(string text, int pictures)
    {
        var error = Assert.Throws<PreferenceDataException>(() => ReadLlamaFactory(text, [.. new[] { "a.png", "b.png", "c.png" }.Take(pictures)]));

        Assert.Equal((1, "conversations"), (error.Row, error.Column));
    }

    [Theory]
    [InlineData("""[{"type":"image"},{"type":"image"},{"type":"text","text":"What differs?"}]""")]
    [InlineData("""[{"type":"text","text":"What differs?"},{"type":"image"},{"type":"image"}]""")]
    [InlineData("\"What differs?\"")]
    public void Read_TrlPartsAtOneEndOrNone_KeepThePictures(string content)
    {
        PreferenceExample example = Assert.Single(ReadTrl($$"""[{"role":"user","content":{{content}}}]"""));

        Assert.Equal("What differs?", example.Prompt);
        Assert.Equal(["a.png", "b.png"], example.Images.Select(image => image.Path));
    }

    [Theory]
    [InlineData("""[{"role":"user","content":[{"type":"image"},{"type":"text","text":"or"},{"type":"image"}]}]""")]
    [InlineData("""[{"role":"user","content":[{"type":"text","text":"this"},{"type":"image"},{"type":"image"},{"type":"text","text":"or"}]}]""")]
    [InlineData("""[{"role":"user","content":[{"type":"image"},{"type":"text","text":"What?"}]}]""")]
    [InlineData("""
        [{"role":"user","content":[{"type":"image"},{"type":"text","text":"What?"}]},
         {"role":"assistant","content":"A cup."},
         {"role":"user","content":[{"type":"image"},{"type":"text","text":"And here?"}]}]
        """)]
    public void Read_TrlPartsElsewhereOrOfAnotherNumber_AreRefused(string prompt)
    {
        var error = Assert.Throws<PreferenceDataException>(() => ReadTrl(prompt.ReplaceLineEndings("")));

        Assert.Equal(1, error.Row);
        Assert.Contains("picture", error.Reason, StringComparison.Ordinal);
    }

    private static PreferenceExample[] ReadLlamaFactory(string text, params string[] pictures) => Read("data.json", $$"""
        [{"conversations":[{"from":"human","value":"{{text}}"}],"images":[{{string.Join(',', pictures.Select(name => $"\"{name}\""))}}],
        "chosen":{"from":"gpt","value":"c"},"rejected":{"from":"gpt","value":"r"} }]
        """);

    private static PreferenceExample[] ReadTrl(string prompt) => Read("data.jsonl", $$"""
        {"images":["a.png","b.png"],"prompt":{{prompt}},"chosen":[{"role":"assistant","content":"c"}],"rejected":[{"role":"assistant","content":"r"}]}
        """);

    private static PreferenceExample[] Read(string name, string content)
    {
        using var folder = new TemporaryFolder();
        foreach (string picture in new[] { "a.png", "b.png", "c.png" })
            File.WriteAllBytes(folder.File(picture), Samples.Png);
        return [.. PreferenceFile.Read(folder.WriteText(name, content))];
    }
}
