using System.Text.Json;

namespace RlhfV.Evaluation.Tests;

[Trait("Category", "Golden")]
public sealed class ObjectExtractionTests
{
    [Fact]
    public void Parse_StoredReplies_ListsOfStringsAndNothingElse()
    {
        foreach (JsonElement stored in GoldenJson.Read("objhal", "parts.json").GetProperty("parse_object_list").EnumerateArray())
        {
            bool isList = stored.TryGetProperty("parsed", out JsonElement parsed) && parsed.ValueKind == JsonValueKind.Array
                && parsed.EnumerateArray().All(e => e.ValueKind == JsonValueKind.String);
            Assert.Equal(isList ? parsed.Strings() : null, ObjectExtraction.Parse(stored.Text("reply")));
        }
    }

    [Fact]
    public void Prompt_BracesInTheQuestion_StayText()
    {
        var extraction = new ObjectExtraction(null);
        string prompt = extraction.Prompt("What is {answer}?", "A dog {question}.");
        Assert.Contains("What is {answer}?", prompt, StringComparison.Ordinal);
        Assert.Contains("A dog {question}.", prompt, StringComparison.Ordinal);
        Assert.False(extraction.IsOfficial);
        Assert.True(extraction.Task.IsUsable("[]"));
    }

    [Fact]
    public void Prompt_OfTheStoredFile_IsTheOfficialOneUnchanged()
    {
        var extraction = new ObjectExtraction(ObjectHalGolden.PromptPath);
        Assert.True(extraction.IsOfficial);
        Assert.Equal(File.ReadAllText(ObjectHalGolden.PromptPath), extraction.Prompt("{question}", "{answer}"));
    }

    [Fact]
    public void New_FileThatIsNoPrompt_SaysWhatIsExpected()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("prompt.txt"), "List the objects of {answer}.");
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => new ObjectExtraction(folder.File("prompt.txt")));
        Assert.Contains("'{question}'", error.Message, StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => new ObjectExtraction(folder.File("nowhere.txt")));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("A red car.", false)]
    [InlineData("It is a car.", true)]
    public void IsAsked_ShortResponses_AreNot(string response, bool asked) => Assert.Equal(asked, ObjectExtraction.IsAsked(response));

    [Theory]
    [InlineData("\u00a0[]", null)] // No white space of JSON; only a list of something is looked for behind it.
    [InlineData("\u00a0[\"cat\"]", "cat")]
    [InlineData(" \r\n[\"cat\"]\t", "cat")]
    public void Parse_OtherWhiteSpace_IsAsTheScriptHasIt(string reply, string? word) =>
        Assert.Equal(word is null ? null : [word], ObjectExtraction.Parse(reply));

    [Fact]
    public void Parse_HalfAnEmoji_KeepsTheList()
    {
        Assert.Equal(["dog", "\uFFFD"], ObjectExtraction.Parse("[\"dog\", \"\\ud83d\"]")!);
        Assert.Equal(["dog", "\uFFFD"], ObjectExtraction.Parse("[\"dog\", \"\ud83d\"]")!);
    }
}
