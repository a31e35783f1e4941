using System.Text.Json;

namespace RlhfV.Evaluation.Tests;

[Trait("Category", "Golden")]
public sealed class OverGeneralizationTests
{
    private static readonly JsonElement Golden = GoldenJson.Read("overgeneralization", "golden.json");

    public static TheoryData<string> Sets => [.. Golden.GetProperty("sets").EnumerateArray().Select(s => s.GetRawText())];

    [Theory]
    [MemberData(nameof(Sets), DisableDiscoveryEnumeration = true)]
    public void Score_StoredSet_Agrees(string stored)
    {
        using JsonDocument document = JsonDocument.Parse(stored);
        JsonElement expected = document.RootElement.GetProperty("expected");
        OverGeneralizationResult result = Evaluation.OverGeneralization.Score(
            [.. document.RootElement.GetProperty("images").EnumerateArray().Select(i => new SceneImage(
                $"{i.GetProperty("image_id").GetInt64()}", i.GetProperty("captions").Strings(), i.GetProperty("objects").Strings()))],
            [.. document.RootElement.GetProperty("responses").EnumerateArray().Select(r => new SceneResponse(
                $"{r.GetProperty("image_id").GetInt64()}", r.GetProperty("mentioned").Strings().ToHashSet(),
                r.GetProperty("hallucinated").Strings().ToHashSet()))]);
        Assert.Equal(
            result.Scenes.Select(scene => scene.Scene).Order(),
            expected.GetProperty("scenes").EnumerateObject().Select(scene => scene.Name).Order());
        foreach (SceneResult scene in result.Scenes)
        {
            JsonElement golden = expected.GetProperty("scenes").GetProperty(scene.Scene);
            Assert.Equal(golden.GetProperty("images").EnumerateArray().Select(i => $"{i.GetInt64()}"), scene.Images);
            Assert.Equal(golden.GetProperty("top").Strings(), scene.Objects.Select(o => o.Key));
            Assert.All(scene.Objects, o => Assert.Equal(golden.GetProperty("frequencies").GetProperty(o.Key).GetInt32(), o.Value));
            AssertRates(golden.GetProperty("Ha"), scene.Everywhere);
            AssertRates(golden.GetProperty("Hs"), scene.InScene);
            JsonElement delta = golden.GetProperty("delta");
            AssertNumber(delta.GetProperty("rate"), scene.Delta);
            AssertNumber(delta.GetProperty("rate_all_responses"), scene.InScene.RateOfResponses - scene.Everywhere.RateOfResponses);
            AssertNumber(delta.GetProperty("rate_per_object_mean"), scene.InScene.RatePerObject - scene.Everywhere.RatePerObject);
            int classes = document.RootElement.GetProperty("images").EnumerateArray()
                .Where(i => scene.Images.Contains($"{i.GetProperty("image_id").GetInt64()}"))
                .SelectMany(i => i.GetProperty("objects").Strings()).Distinct().Count();
            Assert.Equal(Math.Min(classes, Golden.GetProperty("top").GetInt32()), scene.Objects.Count);
        }

        JsonElement mean = expected.GetProperty("mean_delta");
        AssertNumber(mean.GetProperty("rate"), result.MeanDelta);
        AssertNumber(mean.GetProperty("rate_all_responses"), result.Mean(s => s.InScene.RateOfResponses - s.Everywhere.RateOfResponses));
        AssertNumber(mean.GetProperty("rate_per_object_mean"), result.Mean(s => s.InScene.RatePerObject - s.Everywhere.RatePerObject));
    }

    [Theory]
    [InlineData("A Street, at night", "street", true)]
    [InlineData("street", "street", true)]
    [InlineData("A streetlight and two streets", "street", false)]
    [InlineData("streets of a street", "street", true)]
    [InlineData("A living-room", "living room", false)]
    [InlineData("\U0001D400street", "street", false)]
    [InlineData("street\U0001D400", "street", false)]
    [InlineData("\U0001F415street\u0301", "street", true)]
    public void Names_PhrasesOnly(string caption, string scene, bool names) =>
        Assert.Equal(names, Evaluation.OverGeneralization.Names(caption, scene));

    [Fact]
    public void Of_ObjectScore_TakesClasses()
    {
        ObjectTruth truth = ObjectTruth.From([new("1", ["dog"])], ObjectVocabulary.Coco);
        ObjectScore score = new Chair(truth).Score([new() { ImageId = "1", Question = "", Text = "A puppy, a dog and a taxi." }]).Scores[0];
        SceneResponse response = SceneResponse.Of(score);
        Assert.Equal(["car", "dog"], response.Mentioned.Order());
        Assert.Equal(["car"], response.Hallucinated);
    }

    [Fact]
    public void Score_SceneWithoutName_Throws() => Assert.Throws<ArgumentException>(
        "scenes", () => Evaluation.OverGeneralization.Score([new("1", ["A dog."], [])], [], ["kitchen", " "]));

    [Fact]
    public void Score_AbsentRatesAndRepeatedResponses_AreSaidSo()
    {
        var none = new HashSet<string>();
        OverGeneralizationResult result = Evaluation.OverGeneralization.Score(
            [new("1", ["A kitchen."], ["oven"])], [new("1", none, none), new("1", none, none)], ["kitchen", "street"]);
        Assert.Equal(
            [("1", DiagnosticCode.DuplicateAnswer), ("kitchen", DiagnosticCode.FigureAbsent), ("street", DiagnosticCode.FigureAbsent)],
            result.Diagnostics.Select(d => (d.Item, d.Code)));
        Assert.Contains("no picture's captions name it", result.Diagnostics[2].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Score_VocabularyThatSpreadsAClassOverLines_KnowsItOnce()
    {
        ObjectVocabulary vocabulary = ObjectVocabulary.Parse(["car, van", "bus", "car, taxi"], "test");
        Assert.Equal(["car", "bus"], vocabulary.Classes);
        Assert.True(vocabulary.TryGetClass("taxi", out string? car));
        Assert.Equal("car", car);
        Assert.Single(Evaluation.OverGeneralization.Score([], [], ["street"], vocabulary).Scenes);
    }

    private static void AssertRates(JsonElement expected, SceneRates rates)
    {
        Assert.Equal(expected.GetProperty("responses").GetInt32(), rates.Responses);
        Assert.Equal(expected.GetProperty("mentioning").GetInt32(), rates.Mentioning);
        Assert.Equal(expected.GetProperty("hallucinating").GetInt32(), rates.Hallucinating);
        Assert.Equal(expected.GetProperty("objects_mentioned").GetInt32(), rates.ObjectsMentioned);
        AssertNumber(expected.GetProperty("rate"), rates.Rate);
        AssertNumber(expected.GetProperty("rate_all_responses"), rates.RateOfResponses);
        AssertNumber(expected.GetProperty("rate_per_object_mean"), rates.RatePerObject);
    }

    private static void AssertNumber(JsonElement expected, double actual)
    {
        if (expected.ValueKind == JsonValueKind.Null)
        {
            Assert.True(double.IsNaN(actual));
        }
        else
        {
            Assert.Equal(expected.GetDouble(), actual, 1e-9);
        }
    }
}
