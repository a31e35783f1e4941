using System.Text.Json;

namespace RlhfV.Evaluation.Tests;

[Trait("Category", "Golden")]
public sealed class VqaTests
{
    private static readonly JsonElement Golden = GoldenJson.Read("vqav2", "golden.json");

    private static readonly IReadOnlyList<VqaQuestion> Questions = VqaFile.ReadAnnotations(Stored("annotations"));
    private static readonly IReadOnlyList<VqaAnswer> Answers = VqaFile.ReadResults(Stored("results"));

    [Fact]
    public void Normalize_StoredAnswers_EveryStepAgrees()
    {
        foreach (JsonElement stored in Golden.GetProperty("normalise").EnumerateArray())
        {
            string answer = stored.Text("answer");
            Assert.Equal(stored.Text("stripped"), VqaNormalizer.Strip(answer));
            Assert.Equal(stored.Text("punctuation"), VqaNormalizer.Punctuation(stored.Text("stripped")));
            Assert.Equal(stored.Text("normalised"), VqaNormalizer.Normalize(answer));
            Assert.Equal(stored.Text("evalai"), VqaNormalizer.NormalizeForSubmission(answer));
        }
    }

    [Theory]
    [InlineData("\u001Cthe\u001Fdog\u001E", "dog")]
    [InlineData("\u039F\u0394\u039F\u03A3.", "\u03BF\u03B4\u03BF\u03C2")] // The final sigma.
    [InlineData("\u03A3 A\u03A3'B \U0001D400\u03A3", "\u03C3 a\u03C3'b \U0001D400\u03C2")]
    [InlineData("\u0130s", "i\u0307s")]
    [InlineData("\uFF11,\uFF10", "\uFF11\uFF10")]
    [InlineData("\U0001D7CF,\U0001D7CE-1", "\U0001D7CF\U0001D7CE1")]
    [InlineData("1.\U0001D7CE 1.\u00B2", "1.\U0001D7CE 1\u00B2")] // A superscript is no digit.
    public void Normalize_OtherScripts_AsTheOfficialCode(string answer, string normalised) =>
        Assert.Equal(normalised, VqaNormalizer.Normalize(answer));

    [Fact]
    public void Score_Official_EveryQuestionAndTheMeansAgree()
    {
        VqaResult result = VqaAccuracy.Score(Questions, Answers, ScoringMode.Official, new() { Resamples = 100 });
        JsonElement[] cases = [.. Golden.GetProperty("cases").EnumerateArray()];
        Assert.Equal(cases.Length, result.Scores.Count);
        foreach ((JsonElement stored, VqaScore score) in cases.Zip(result.Scores))
        {
            Assert.Equal(stored.GetProperty("accuracy").GetDouble(), VqaResult.Percent(score.Accuracy));
            Assert.Equal(
                ($"{stored.GetProperty("question_id").GetInt64()}", stored.Text("question_type"), stored.Text("answer_type"), stored.Text("answer")),
                (score.Question.Id, score.Question.QuestionType, score.Question.AnswerType, score.Answer));
            Assert.Equal(stored.GetProperty("references").Strings(), score.Question.References);
        }

        JsonElement expected = Golden.GetProperty("expected");
        Assert.Equal(expected.GetProperty("overall").GetDouble(), VqaResult.Percent(result.Overall.Value));
        Assert.Equal(expected.GetProperty("overall_four_digits").GetDouble(), VqaResult.Percent(result.Overall.Value, 4));
        Assert.Equal(
            result.ByQuestionType.Keys.Order(), expected.GetProperty("per_question_type").EnumerateObject().Select(type => type.Name).Order());
        Assert.Equal(
            result.ByAnswerType.Keys.Order(), expected.GetProperty("per_answer_type").EnumerateObject().Select(type => type.Name).Order());
        foreach (JsonProperty type in expected.GetProperty("per_question_type").EnumerateObject())
        {
            Assert.Equal(type.Value.GetDouble(), VqaResult.Percent(result.ByQuestionType[type.Name].Value));
        }

        foreach (JsonProperty type in expected.GetProperty("per_answer_type").EnumerateObject())
        {
            Assert.Equal(type.Value.GetDouble(), VqaResult.Percent(result.ByAnswerType[type.Name].Value));
        }
    }

    [Fact]
    public void Score_Strict_AgreesWithTheServersTool()
    {
        // From the cases, not the file: of several answers to a question the stored one is the last.
        VqaAnswer[] answers =
        [
            .. Golden.GetProperty("cases").EnumerateArray()
                .Select(stored => new VqaAnswer($"{stored.GetProperty("question_id").GetInt64()}", stored.Text("answer"))),
        ];
        VqaResult result = VqaAccuracy.Score(Questions, answers, bootstrap: new() { Resamples = 100 });
        Assert.Equal(answers.Length, result.Scores.Count);
        foreach ((JsonElement stored, VqaScore score) in Golden.GetProperty("cases").EnumerateArray().Zip(result.Scores))
        {
            if (stored.GetProperty("evalai_soft_score") is { ValueKind: JsonValueKind.Number } soft)
            {
                Assert.Equal(soft.GetDouble(), score.Accuracy, 1e-9);
            }
        }

        VqaQuestion[] withTen = [.. Questions.Where(question => question.References.Count == 10)];
        Assert.Equal(
            Golden.GetProperty("expected").GetProperty("evalai_soft_accuracy_ten_refs").GetDouble(),
            VqaAccuracy.Score(withTen, answers, bootstrap: new() { Resamples = 100 }).Overall.Value, 1e-9);
    }

    [Fact]
    public void Score_MissingRepeatedAndUnknownAnswers_AreReported()
    {
        VqaQuestion[] questions = [new("1", "", "", ["a", "a"]), new("2", "", "", ["b"])];
        VqaResult result = VqaAccuracy.Score(questions, [new("1", "a"), new("1", "b"), new("3", "c")]);
        Assert.Single(result.Scores);
        Assert.Equal(
            [DiagnosticCode.DuplicateAnswer, DiagnosticCode.MissingAnswer, DiagnosticCode.MissingTruth],
            result.Diagnostics.Select(d => d.Code));
    }

    [Theory]
    [InlineData(ScoringMode.Official, 0.0)]
    [InlineData(ScoringMode.Strict, 1.0 / 3)]
    public void Score_SeveralAnswersToAQuestion_OfficialTakesTheLast(ScoringMode mode, double accuracy) => Assert.Equal(
        accuracy, VqaAccuracy.Score([new("1", "", "", ["a", "a"])], [new("1", "a"), new("1", "b")], mode).Overall.Value);

    [Fact]
    public void Score_QuestionThatNobodyAnswered_IsLeftOutAndReported()
    {
        VqaResult result = VqaAccuracy.Score([new("1", "", "", []), new("2", "", "", ["b", "b"])], [new("1", "a"), new("2", "b")]);
        Assert.Equal("2", Assert.Single(result.Scores).Question.Id);
        Assert.Equal(("1", DiagnosticCode.MissingTruth), (result.Diagnostics[0].Item, result.Diagnostics[0].Code));
    }

    [Fact]
    public void ReadResults_BrokenRecords_AreInTheResult()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("r.json"), """[{"question_id": 1, "answer": "a"}, null, {"answer": "b"}, {"question_id": 2}]""");
        RecordFile<VqaAnswer> answers = VqaFile.ReadResults(folder.File("r.json"));
        Assert.Equal([new("1", "a")], answers);
        VqaResult result = VqaAccuracy.Score([new("1", "", "", ["a"])], answers);
        Assert.Equal(
            [("r.json[1]", DiagnosticCode.MalformedRecord), ("r.json[2]", DiagnosticCode.AnswerWithoutId),
                ("r.json[3]", DiagnosticCode.MalformedRecord)],
            result.Diagnostics.Select(d => (d.Item, d.Code)));
    }

    [Theory]
    [InlineData("[]", "array 'annotations'")]
    [InlineData("""{"annotations": [{"question_id": 1, "answers": [{"answer": 3}]}]}""", "annotations[0] has an answer without a text")]
    [InlineData("""{"annotations": [5]}""", "annotations[0] has no 'question_id'")]
    [InlineData("""{"annotations": [{"question_id": 1}]}""", "annotations[0] has no list 'answers'")]
    public void ReadAnnotations_OtherLayout_SaysWhatIsExpected(string text, string problem)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("a.json"), text);
        Assert.Contains(
            problem, Assert.Throws<InvalidDataException>(() => VqaFile.ReadAnnotations(folder.File("a.json"))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Score_RepeatedQuestionsAndNoAnswers_AreReported()
    {
        VqaResult repeated = VqaAccuracy.Score([new("1", "", "", ["a"]), new("1", "", "", ["b"])], [new("1", "a")]);
        Assert.Equal(("1", DiagnosticCode.DuplicateTruth), (repeated.Diagnostics[0].Item, Assert.Single(repeated.Diagnostics).Code));
        VqaResult nothing = VqaAccuracy.Score([], []);
        Assert.False(nothing.Overall.HasValue);
        Assert.Equal(DiagnosticCode.FigureAbsent, Assert.Single(nothing.Diagnostics).Code);
    }

    private static string Stored(string kind) => GoldenJson.Path("vqav2", Golden.GetProperty("files").Text(kind));
}
