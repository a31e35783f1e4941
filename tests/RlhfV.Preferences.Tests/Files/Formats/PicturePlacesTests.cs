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
    [InlineData("Before: <image> After: <image>", "Before:  After: ", 8, 16)]
    [InlineData("<image>What differs?<image>", "What differs?", 0, 13)]
    [InlineData("<image>\\nor <image>\\n?", "\nor \n?", 0, 4)]
    public void Read_LlamaFactoryMarksElsewhere_KeepTheirPlaces(string text, string prompt, int first, int second)
    {
        PreferenceExample example = Assert.Single(ReadLlamaFactory(text, "a.png", "b.png"));

        Assert.Equal(prompt, example.Prompt);
        Assert.Equal([new(0, first), new(0, second)], example.ImagePlaces);
    }

    [Fact]
    public void Read_LlamaFactorySystemAndLaterTurn_CountAsTurns()
    {
        PreferenceExample example = Assert.Single(Read("data.json", """
            [{"system":"Be exact.","conversations":[{"from":"human","value":"What?<image>"},{"from":"gpt","value":"A cup."},
            {"from":"human","value":"<image>And here?"}],"images":["a.png","b.png"],
            "chosen":{"from":"gpt","value":"c"},"rejected":{"from":"gpt","value":"r"} }]
            """));

        Assert.Equal([new(1, 5), new(3, 0)], example.ImagePlaces);
        Assert.Equal(("And here?", "What?"), (example.Prompt, example.History[1].Text));
    }

    [Theory]
    [InlineData("<image>What differs?", 2)]
    [InlineData("<image><image><image>What differs?", 2)]
    [InlineData("What differs?", 2)]
    [InlineData("<image><image>What differs?", 3)]
    [InlineData("<image><image>What differs?", 1)]
    [InlineData("Before: <image> After: <image>", 3)]
    public void Read_LlamaFactoryMarksOfAnotherNumber_AreRefused(string text, int pictures)
    {
        var error = Assert.Throws<PreferenceDataException>(() => ReadLlamaFactory(text, [.. new[] { "a.png", "b.png", "c.png" }.Take(pictures)]));

        Assert.Equal((1, "conversations"), (error.Row, error.Column));
    }

    [Fact]
    public void Read_LlamaFactoryMarkInAnAnswerOfTheHistory_IsRefused()
    {
        var error = Assert.Throws<PreferenceDataException>(() => Read("data.json", """
            [{"conversations":[{"from":"human","value":"What?"},{"from":"gpt","value":"<image>"},{"from":"human","value":"Why?"}],"images":["a.png"],
            "chosen":{"from":"gpt","value":"c"},"rejected":{"from":"gpt","value":"r"} }]
            """));

        Assert.Contains("a turn of the Assistant", error.Reason, StringComparison.Ordinal);
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
    [InlineData("""[{"role":"user","content":[{"type":"image"},{"type":"text","text":"or"},{"type":"image"}]}]""", 0, 0, 0, 2)]
    [InlineData("""[{"role":"user","content":[{"type":"text","text":"this"},{"type":"image"},{"type":"image"},{"type":"text","text":"or"}]}]""", 0, 4, 0, 4)]
    [InlineData("""
        [{"role":"user","content":[{"type":"image"},{"type":"text","text":"What?"}]},
         {"role":"assistant","content":"A cup."},
         {"role":"user","content":[{"type":"text","text":"And "},{"type":"image"},{"type":"text","text":"here?"}]}]
        """, 0, 0, 2, 4)]
    public void Read_TrlPartsElsewhere_KeepTheirPlaces(string prompt, int firstTurn, int first, int secondTurn, int second)
    {
        PreferenceExample example = Assert.Single(ReadTrl(prompt.ReplaceLineEndings("")));

        Assert.Equal([new(firstTurn, first), new(secondTurn, second)], example.ImagePlaces);
        Assert.DoesNotContain("image", string.Concat(example.History.Select(turn => turn.Text).Append(example.Prompt)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""[{"role":"user","content":[{"type":"image"},{"type":"text","text":"What?"}]}]""", "1 places for pictures")]
    [InlineData(
        """[{"role":"system","content":[{"type":"image"},{"type":"image"}]},{"role":"user","content":"What?"}]""", "a message of the system")]
    public void Read_TrlPartsOfAnotherNumberOrRole_AreRefused(string prompt, string reason)
    {
        var error = Assert.Throws<PreferenceDataException>(() => ReadTrl(prompt));

        Assert.Equal(1, error.Row);
        Assert.Contains(reason, error.Reason, StringComparison.Ordinal);
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
