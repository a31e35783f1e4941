namespace RlhfV.Evaluation.Tests;

[Trait("Category", "Golden")]
public sealed class AnswerFileTests
{
    [Fact]
    public void Read_BothKeyLayouts_GiveTheSameAnswers()
    {
        AnswerFile file = AnswerFile.Read(GoldenJson.Path("objhal", "obj_halbench_answer.jsonl"));
        Assert.Empty(file.Diagnostics);
        Assert.Equal(
            GoldenJson.Read("objhal", "golden.json").GetProperty("expected").GetProperty("cases").EnumerateArray()
                .Select(c => ($"{c.GetProperty("image_id").GetInt64()}", c.Text("text"))),
            file.Select(answer => (answer.ImageId, answer.Text)));
    }

    [Fact]
    public void Read_NoImageIds_TakesThemFromTheQuestions()
    {
        IReadOnlyList<ModelAnswer> named = AnswerFile.Read(GoldenJson.Path("objhal", "obj_halbench_answer.jsonl")).Answers;
        IReadOnlyList<ModelAnswer> unnamed = AnswerFile.Read(
            GoldenJson.Path("objhal", "obj_halbench_answer_noid.jsonl"), GoldenJson.Path("objhal", "questions.jsonl")).Answers;
        Assert.Equal(named.Select(a => (a.ImageId, a.Text)), unnamed.Select(a => (a.ImageId, a.Text)));
    }

    [Fact]
    public void Read_OddLines_AreReportedByNumberAndSkipped()
    {
        AnswerFile file = Read(
            """
            {"image_id": 1, "question": "q", "answer": "a"}
            not json

            [1]
            {"question": "q", "answer": "a"}
            {"image_id": 2, "answer": "a"}
            {"image_id": 3, "question": "q"}
            {"image_id": "007", "prompt": "q", "text": "a", "question_id": 4, "model_id": "m"}
            """);
        Assert.Equal(["1", "7"], file.Answers.Select(a => a.ImageId));
        Assert.Equal(("4", "m"), (file.Answers[1].QuestionId, file.Answers[1].Model));
        Assert.Equal(
            [("answers.jsonl:2", DiagnosticCode.MalformedRecord), ("answers.jsonl:4", DiagnosticCode.MalformedRecord),
                ("answers.jsonl:5", DiagnosticCode.AnswerWithoutId), ("answers.jsonl:6", DiagnosticCode.MalformedRecord),
                ("answers.jsonl:7", DiagnosticCode.MalformedRecord)],
            file.Diagnostics.Select(d => (d.Item, d.Code)));
    }

    [Fact]
    public void Read_BrokenLineBeforeAnswersWithoutIds_MovesNothing()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("answers.jsonl"), """
            {"question": "q", "answer": "one"}
            not json
            {"question": "q", "answer": "three"}
            {"question": "q", "answer": "four"}
            {"question": "q", "answer": "five"}
            """);
        File.WriteAllText(folder.File("questions.jsonl"), """
            {"image_id": 1}
            {"image_id": 2}
            {"image_id": 3}
            {"image": 4
            """);
        AnswerFile file = AnswerFile.Read(folder.File("answers.jsonl"), folder.File("questions.jsonl"));
        Assert.Equal([("1", "one"), ("3", "three")], file.Select(answer => (answer.ImageId, answer.Text)));
        Assert.Equal(
            ["answers.jsonl:2", "questions.jsonl:4", "answers.jsonl:4", "answers.jsonl:5"], file.Diagnostics.Select(d => d.Item));
    }

    [Fact]
    public void Read_MoreQuestionsThanAnswers_SaysSo()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("answers.jsonl"), """{"question": "q", "answer": "one"}""");
        File.WriteAllText(folder.File("questions.jsonl"), "{\"image_id\": 1}\n{\"image_id\": 2}\n{\"image_id\": 3}\n");
        AnswerFile file = AnswerFile.Read(folder.File("answers.jsonl"), folder.File("questions.jsonl"));
        Assert.Equal("1", Assert.Single(file).ImageId);
        Assert.Contains("1 answers to 3 questions", Assert.Single(file.Diagnostics).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_JsonArray_IsReadToo() =>
        Assert.Equal("9", Read("""[{"image": "9", "question": "q", "answer": "a"}]""").Answers[0].ImageId);

    [Fact]
    public void Read_NothingReadable_Throws() =>
        Assert.Contains(
            "no JSON object", Assert.Throws<InvalidDataException>(() => Read("hello\nworld")).Message, StringComparison.Ordinal);

    [Fact]
    public void Read_EmptyFile_HasNoAnswers() => Assert.Empty(Read("").Answers);

    [Fact]
    public void Read_MissingFile_Throws() => Assert.Throws<FileNotFoundException>(() => AnswerFile.Read("nowhere.jsonl"));

    [Fact]
    public void Read_HalfAnEmoji_KeepsTheRestOfTheAnswer()
    {
        AnswerFile file = Read(
            """
            {"image_id": 1, "question": "q", "answer": "A dog \ud83d"}
            {"image_id": 2, "question": "q", "answer": "\udc15 and \ud83d\udc15 and \\ud83d and \ud83d\ud83d\udc15"}
            """);
        Assert.Equal(["A dog \uFFFD", "\uFFFD and \ud83d\udc15 and \\ud83d and \uFFFD\ud83d\udc15"], file.Select(answer => answer.Text));
        Assert.Empty(file.Diagnostics);
    }

    [Theory]
    [InlineData("7", "7")]
    [InlineData("\"007\"", "7")]
    [InlineData("139.0", "139")]
    [InlineData("1e3", "1000")]
    [InlineData("-3", "-3")]
    [InlineData("\"b\\u00fcro.jpg\"", "b\u00fcro.jpg")]
    [InlineData("1.5", null)]
    [InlineData("1e300", null)]
    [InlineData("[]", null)]
    public void Read_IdsAsOtherToolsWriteThem_AreTheSameIds(string written, string? id) =>
        Assert.Equal(id, Read($$"""{"image_id": {{written}}, "question": "q", "answer": "a"}""").SingleOrDefault()?.ImageId);

    private static AnswerFile Read(string text)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("answers.jsonl"), text);
        return AnswerFile.Read(folder.File("answers.jsonl"));
    }
}
