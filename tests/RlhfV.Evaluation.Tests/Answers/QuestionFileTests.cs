using System.Text.Json;

namespace RlhfV.Evaluation.Tests;

[Trait("Category", "Golden")]
public sealed class QuestionFileTests
{
    [Fact]
    public void Read_VqaQuestions_AreThoseOfTheAnnotations()
    {
        JsonElement files = GoldenJson.Read("vqav2", "golden.json").GetProperty("files");
        IReadOnlyList<ModelQuestion> questions = QuestionFile.Read(GoldenJson.Path("vqav2", files.Text("questions")));
        IReadOnlyList<VqaQuestion> annotated = VqaFile.ReadAnnotations(GoldenJson.Path("vqav2", files.Text("annotations")));
        Assert.Equal(annotated.Select(question => question.Id), questions.Select(question => question.Id));
        JsonElement[] stored = [.. GoldenJson.Read("vqav2", files.Text("questions")).GetProperty("questions").EnumerateArray()];
        Assert.Equal(
            stored.Select(q => ($"{q.GetProperty("image_id").GetInt64()}", q.Text("question"))), questions.Select(q => (q.ImageId, q.Text)));
    }

    [Fact]
    public void Read_ObjectHalQuestions_AreTheEightPromptsOfTheAnsweredImages()
    {
        IReadOnlyList<ModelQuestion> questions = QuestionFile.Read(GoldenJson.Path("objhal", "questions.jsonl"));
        Assert.Equal(
            AnswerFile.Read(GoldenJson.Path("objhal", "obj_halbench_answer.jsonl")).Select(answer => (answer.ImageId, answer.Question)),
            questions.Select(question => (question.ImageId, question.Text)));
        Assert.Subset(GoldenJson.Read("data", "objhal", "prompts.json").Strings().ToHashSet(), questions.Select(q => q.Text).ToHashSet());
    }

    [Fact]
    public void Read_AmberQueries_AreThoseOfTheAnnotatedItems()
    {
        IReadOnlyList<ModelQuestion> questions = QuestionFile.Read(GoldenJson.Path("data", "amber", "queries.sample.json"));
        JsonElement[] stored = [.. GoldenJson.Read("data", "amber", "queries.sample.json").EnumerateArray()];
        Assert.Equal(
            stored.Select(q => ($"{q.GetProperty("id").GetInt32()}", q.Text("image"), q.Text("query"))),
            questions.Select(q => (q.Id, q.ImageId, q.Text)));
        Assert.Equal(
            GoldenJson.Read("data", "amber", "annotations.sample.json").EnumerateArray().Select(item => $"{item.GetProperty("id").GetInt32()}"),
            questions.Select(q => q.Id));
    }

    [Fact]
    public void Read_PopeQuestions_AreThoseThatAreScored() => Assert.Equal(
        PopeFile.ReadQuestions(GoldenJson.Path("pope", "labels.jsonl")).Select(question => (question.Id, question.Image, question.Text)),
        QuestionFile.Read(GoldenJson.Path("pope", "labels.jsonl")).Select(question => (question.Id, question.ImageId, question.Text)));

    [Theory]
    [InlineData("""{"questions": 5}""", "expected a list")]
    [InlineData("""{"questions": [5]}""", "questions[0]")]
    [InlineData("""[{"question_id": 1, "image": "a"}]""", "'question' or 'text' or 'query' or 'prompt'")]
    [InlineData("""[{"id": 1, "image": "a", "query": "q"}, {"id": "1", "image": "b", "query": "q"}]""", "the id '1' stands for another")]
    [InlineData("""[{"id": 1, "image": "a", "query": "q"}, null]""", "q.json[1]")]
    public void Read_BrokenQuestions_SayWhere(string text, string problem)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("q.json"), text);
        Assert.Contains(
            problem, Assert.Throws<InvalidDataException>(() => QuestionFile.Read(folder.File("q.json"))).Message, StringComparison.Ordinal);
    }
}
