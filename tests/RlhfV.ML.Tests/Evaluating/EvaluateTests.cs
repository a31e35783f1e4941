using Microsoft.ML;
using RlhfV.Evaluation;
using RlhfV.Preferences;

namespace RlhfV.ML.Tests.Evaluating;

public sealed class EvaluateTests
{
    private static readonly MLContext Ml = new(1);

    [Fact]
    public void Evaluate_PreferenceData_CountsWhatAnnotatorsCorrected()
    {
        PreferenceExample[] examples = Pairs.Many(4);
        examples[1] = examples[1] with { Segments = [] };
        examples[2] = examples[2] with { Segments = [new() { Chosen = new(0, 3), Rejected = new(0, 0), Type = HallucinationType.Other }] };

        HallucinationMetrics metrics = Ml.VisionLanguage.Evaluate(Ml.VisionLanguage.LoadPreferences(examples));

        Assert.Equal(4, metrics.Responses);
        Assert.Equal(0.75, metrics.ResponseRate.Value);
        Assert.Equal(0.5, metrics[HallucinationType.Attribute].ResponseRate.Value);
        Assert.Equal(0.25, metrics[HallucinationType.Other].ResponseRate.Value);
        Assert.False(metrics.MentionRate.HasValue);
    }

    [Fact]
    public void Evaluate_CorrectionsThatNobodyMarked_AreFoundByADiff()
    {
        PreferenceExample[] examples = [.. Pairs.Many(3).Select(example => example with { Segments = [] })];

        HallucinationMetrics metrics = Ml.VisionLanguage.Evaluate(Ml.VisionLanguage.LoadPreferences(examples));

        HallucinationMetrics expected = HallucinationMetrics.From(MHumanEval.FromCorrections(examples));
        Assert.Equal(1, metrics.ResponseRate.Value);
        Assert.Equal(expected.SegmentsPerResponse, metrics.SegmentsPerResponse);
    }

    [Fact]
    public void Evaluate_OtherAnswersBesideCorrections_AreNotHeldAgainstThem()
    {
        IDataView data = Ml.VisionLanguage.LoadPreferences([.. Pairs.Many(3).Select(example => example with { Segments = [] })]);

        Assert.Equal(0, Ml.VisionLanguage.Evaluate(data, new() { ResponseColumnName = "Prompt" }).ResponseRate.Value);
        Assert.Equal(1, Ml.VisionLanguage.Evaluate(data, new() { ResponseColumnName = "Prompt", ChosenColumnName = "Chosen" }).ResponseRate.Value);
    }

    [Fact]
    public void Evaluate_CountColumns_GiveMentionRateAndRecall()
    {
        IDataView data = Ml.Data.LoadFromEnumerable(
        [
            new CountedRow { Said = "a b c d", Wrong = """[{"rejected":{"start":0,"length":1},"chosen":{"start":0,"length":0},"type":"object"}]""", Mentions = 3, Present = 4, Found = 2 },
            new CountedRow { Said = "e", Wrong = "", Mentions = 1, Present = 2, Found = 1 },
        ]);

        HallucinationMetrics metrics = Ml.VisionLanguage.Evaluate(data, new()
        {
            ResponseColumnName = "Said",
            SegmentsColumnName = "Wrong",
            MentionsColumnName = "Mentions",
            ObjectsPresentColumnName = "Present",
            ObjectsFoundColumnName = "Found",
        });

        Assert.Equal(0.25, metrics.MentionRate.Value);
        Assert.Equal(0.5, metrics.Recall.Value);
        Assert.Equal(2.5, metrics.Words.Value);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("""[{"rejected":{"start":5,"length":9},"chosen":{"start":0,"length":0},"type":"object"}]""")]
    public void Evaluate_SegmentsThatCannotBe_NameRowAndColumn(string wrong)
    {
        IDataView data = Ml.Data.LoadFromEnumerable([new CountedRow { Said = "fine" }, new CountedRow { Said = "text", Wrong = wrong }]);

        var problem = Assert.Throws<RowDataException>(
            () => Ml.VisionLanguage.Evaluate(data, new() { ResponseColumnName = "Said", SegmentsColumnName = "Wrong" }));

        Assert.Equal((2, "Wrong"), (problem.Row, problem.Column));
    }

    [Fact]
    public void Evaluate_NamesThatDoNotFit_AreRefused()
    {
        IDataView data = Ml.VisionLanguage.LoadPreferences(Pairs.Many(1));

        Assert.Contains("'Said'", Assert.Throws<ArgumentOutOfRangeException>(() => Ml.VisionLanguage.Evaluate(data, new() { ResponseColumnName = "Said" })).Message);
        Assert.Contains("Int32", Assert.Throws<ArgumentOutOfRangeException>(() => Ml.VisionLanguage.Evaluate(data, new() { MentionsColumnName = "Prompt" })).Message);
        Assert.Throws<ArgumentException>(() => Ml.VisionLanguage.Evaluate(data, new() { ObjectsFoundColumnName = "X" }));
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    public void Evaluate_ColumnWithoutName_IsRefusedByItsArgument(string? name)
    {
        IDataView data = Ml.Data.LoadFromEnumerable([new YesNoRow { Caption = "Yes." }]);
        var truth = ObjectTruth.From([new("1", ["dog"])], ObjectVocabulary.Coco);

        if (name is not null)
            Assert.Equal("columns", Assert.Throws<ArgumentException>(() => Ml.VisionLanguage.Evaluate(data, new() { PromptColumnName = name })).ParamName);
        Assert.Equal("answerColumnName", Assert.ThrowsAny<ArgumentException>(() => Ml.VisionLanguage.EvaluatePope(data, name!)).ParamName);
        Assert.Equal("labelColumnName", Assert.ThrowsAny<ArgumentException>(() => Ml.VisionLanguage.EvaluatePope(data, labelColumnName: name!)).ParamName);
        Assert.Equal(
            "imageIdColumnName",
            Assert.ThrowsAny<ArgumentException>(() => Ml.VisionLanguage.EvaluateChair(data, truth, imageIdColumnName: name!)).ParamName);
    }

    [Fact]
    public void EvaluateObjects_CaptionColumn_EqualTheBenchmarksThemselves()
    {
        var truth = ObjectTruth.From([new("1", ["dog", "car"]), new("2", ["cat"])], ObjectVocabulary.Coco);
        CaptionRow[] rows =
        [
            new() { ImageId = 1, Prompt = "Describe.", Caption = "A dog runs beside a car and a bicycle." },
            new() { ImageId = 2, Prompt = "Describe.", Caption = "A cat sleeps." },
        ];
        ModelAnswer[] answers = [.. rows.Select(row => new ModelAnswer { ImageId = $"{row.ImageId}", Question = row.Prompt, Text = row.Caption })];
        IDataView data = Ml.Data.LoadFromEnumerable(rows);

        ObjectHalResult objectHal = Ml.VisionLanguage.EvaluateObjectHal(data, truth);
        ChairResult chair = Ml.VisionLanguage.EvaluateChair(data, truth);

        Assert.Equal(new ObjectHalBench(truth).ScoreLexical(answers).Rates.OfResponses.Value, objectHal.Rates.OfResponses.Value);
        Assert.Equal(0.5, chair.Rates.OfResponses.Value);
        Assert.Equal(0.25, chair.Rates.OfMentions.Value);
    }

    [Fact]
    public void EvaluatePope_AnswersAndLabels_AreScored()
    {
        IDataView data = Ml.Data.LoadFromEnumerable(
        [
            new YesNoRow { Caption = "Yes, there is.", Label = true }, new YesNoRow { Caption = "No.", Label = true },
            new YesNoRow { Caption = "No, it is not.", Label = false }, new YesNoRow { Caption = "No.", Label = false },
        ]);

        PopeResult result = Ml.VisionLanguage.EvaluatePope(data);

        Assert.Equal(0.75, result.Metrics.Accuracy.Value);
        Assert.Equal(4, result.Items.Count);
    }

    [Fact]
    public void EvaluateAmber_AnswersByNumber_EqualTheBenchmarkItself()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["annotations.json"], """[{"id":7,"type":"discriminative-hallucination","truth":"no","hallu":[]}]""");
        File.WriteAllText(folder["relation.json"], """{"dog":["puppy"]}""");
        File.WriteAllText(folder["safe_words.txt"], "picture");
        AmberData data = AmberData.Load(folder.Path);
        IDataView rows = Ml.Data.LoadFromEnumerable([new AmberRow { Id = 7, Caption = "No" }]);

        AmberResult result = Ml.VisionLanguage.EvaluateAmber(rows, data);

        AmberResult direct = new Amber(data).Score([new AmberAnswer(7, "No")]);
        Assert.Equal(AmberSummary.Discriminative(direct), AmberSummary.Discriminative(result));
        Assert.Empty(result.Diagnostics);
    }

    private sealed class CountedRow
    {
        public string Said { get; set; } = "";

        public string Wrong { get; set; } = "";

        public int Mentions { get; set; }

        public int Present { get; set; }

        public int Found { get; set; }
    }

    private sealed class CaptionRow
    {
        public int ImageId { get; set; }

        public string Prompt { get; set; } = "";

        public string Caption { get; set; } = "";
    }

    private sealed class YesNoRow
    {
        public string Caption { get; set; } = "";

        public bool Label { get; set; }
    }

    private sealed class AmberRow
    {
        public int Id { get; set; }

        public string Caption { get; set; } = "";
    }
}
