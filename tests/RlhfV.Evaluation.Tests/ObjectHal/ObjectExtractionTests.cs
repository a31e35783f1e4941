using System.Text.Json;

namespace RlhfV.Evaluation.Tests;

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
    public void Prompt_BracesInTheQuestion_StayText() =>
        Assert.Contains(
            "<image> What is {answer}?", ObjectExtraction.Prompt("What is {answer}?", "A dog {question}."), StringComparison.Ordinal);

    [Fact]
    public void Prompt_EqualsTheStoredOne() =>
        Assert.Equal(
            File.ReadAllText(GoldenJson.Path("data", "objhal", "extraction_prompt.txt")),
            ObjectExtraction.Prompt("{question}", "{answer}"));

    [Theory]
    [InlineData("", false)]
    [InlineData("A red car.", false)]
    [InlineData("It is a car.", true)]
    public void IsAsked_ShortResponses_AreNot(string response, bool asked) => Assert.Equal(asked, ObjectExtraction.IsAsked(response));
}
