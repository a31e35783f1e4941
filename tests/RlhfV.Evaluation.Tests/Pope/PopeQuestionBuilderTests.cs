using System.Text.Json;

namespace RlhfV.Evaluation.Tests;

[Trait("Category", "Golden")]
public sealed class PopeQuestionBuilderTests
{
    private static readonly JsonElement Golden = GoldenJson.Read("pope", "builder.json");

    private static readonly PopeImage[] Images =
        [.. Golden.GetProperty("images").EnumerateArray().Select(i => new PopeImage(i.Text("image"), i.GetProperty("objects").Strings()))];

    [Theory]
    [InlineData(PopeSplit.Popular, "popular")]
    [InlineData(PopeSplit.Adversarial, "adversarial")]
    public void Build_StoredImages_Agree(PopeSplit split, string key)
    {
        PopeQuestion[] expected =
        [
            // The released builder put "an" for every "a" of the sentence; the published questions read as here.
            .. Golden.GetProperty("expected").GetProperty(key).EnumerateArray().Select(q => new PopeQuestion(
                $"{q.GetProperty("question_id").GetInt32()}", q.Text("image"),
                q.Text("text").Replace("imange", "image", StringComparison.Ordinal),
                q.Text("label") == "yes")),
        ];
        Assert.Equal(expected, new PopeQuestionBuilder(Images).Build(split, Golden.GetProperty("samples").GetInt32()));
    }

    [Fact]
    public void New_StoredImages_OrdersOfFrequencyAndCompanyAgree()
    {
        var seen = new PopeQuestionBuilder.Seen(Images);
        JsonProperty[] frequencies = [.. Golden.GetProperty("frequencies").EnumerateObject()];
        Assert.Equal(frequencies.OrderByDescending(name => name.Value.GetInt32()).Select(name => name.Name), seen.ByFrequency);
        Assert.All(frequencies, name => Assert.Equal(name.Value.GetInt32(), Images.Sum(image => image.Objects.Count(o => o == name.Name))));
        Assert.All(
            Golden.GetProperty("co_occurrence").EnumerateObject(), name => Assert.Equal(name.Value.Strings(), seen.ByCompany[name.Name]));
        Assert.Equal(
            Golden.Text("template").Replace("{}", "cat", StringComparison.Ordinal),
            new PopeQuestionBuilder([new("a.jpg", ["cat"]), new("b.jpg", ["dog"])]).Build(PopeSplit.Popular, 1)[0].Text);
    }

    [Fact]
    public void Build_Random_AsksAboutAbsentObjectsOnceAndBySeed()
    {
        int samples = Golden.GetProperty("samples").GetInt32();
        int known = Images.SelectMany(image => image.Objects).Distinct().Count();
        IReadOnlyList<PopeQuestion> questions = new PopeQuestionBuilder(Images, seed: 5).Build(PopeSplit.Random, samples);
        Assert.Equal(questions, new PopeQuestionBuilder(Images, seed: 5).Build(PopeSplit.Random, samples));
        Assert.NotEqual(questions, new PopeQuestionBuilder(Images, seed: 6).Build(PopeSplit.Random, samples));
        foreach (IGrouping<string, PopeQuestion> image in questions.GroupBy(q => q.Image))
        {
            IReadOnlyList<string> objects = Images.Single(i => i.Image == image.Key).Objects;
            string[] absent = [.. image.Where(q => !q.IsPresent).Select(q => q.Text)];
            Assert.Equal(Math.Min(samples, known - objects.Distinct().Count()), absent.Length);
            Assert.Equal(absent.Distinct(), absent);
            Assert.Equal(absent.Length, image.Count(q => q.IsPresent));
            Assert.All(image, q => Assert.Equal(
                q.IsPresent, objects.Any(o => q.Text == $"Is there a {o} in the image?" || q.Text == $"Is there an {o} in the image?")));
        }
    }

    [Fact]
    public void Build_PicturesWithTooFewObjects_AreNotCountedEither()
    {
        // The published builder leaves them out first: the dog of two skipped pictures is not popular.
        PopeImage[] images = [new("a.jpg", ["dog"]), new("b.jpg", ["dog"]), new("c.jpg", ["cat", "cup"]), new("d.jpg", ["fork", "cat"])];
        Assert.Equal(
            ["Is there a cat in the image?", "Is there a fork in the image?", "Is there a fork in the image?", "Is there a cup in the image?"],
            new PopeQuestionBuilder(images).Build(PopeSplit.Popular, 2).Select(question => question.Text));
    }

    [Fact]
    public void WriteQuestions_ReadBack_AreEqual()
    {
        using var folder = new TemporaryFolder();
        IReadOnlyList<PopeQuestion> questions = new PopeQuestionBuilder(Images).Build(PopeSplit.Popular);
        PopeFile.WriteQuestions(questions, folder.File("own.jsonl"));
        Assert.Equal(questions, PopeFile.ReadQuestions(folder.File("own.jsonl")));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public void New_ObjectWithoutName_NamesThePicture(string name) => Assert.Contains(
        "'a.jpg'", Assert.Throws<ArgumentException>("images", () => new PopeQuestionBuilder([new("a.jpg", ["dog", name])])).Message,
        StringComparison.Ordinal);

}
