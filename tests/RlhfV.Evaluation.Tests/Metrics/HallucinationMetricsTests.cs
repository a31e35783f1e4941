using RlhfV.Preferences;

namespace RlhfV.Evaluation.Tests;

public sealed class HallucinationMetricsTests
{
    private static readonly HallucinationType Text = new("text");

    [Fact]
    public void From_MixedAnswers_EveryFigure()
    {
        HallucinationMetrics metrics = HallucinationMetrics.From(
        [
            Assessments.Answer(
                "1", "Two dogs sit on the left.", ("Two", HallucinationType.Number), ("on the left", HallucinationType.Position)) with
            {
                Mentions = 4, ObjectsPresent = 3, ObjectsFound = 2,
            },
            Assessments.Answer("2", "A dog and a cat and a cow.", ("cat", HallucinationType.Object), ("cow", HallucinationType.Object)) with
            {
                Mentions = 3, ObjectsPresent = 1, ObjectsFound = 1,
            },
            Assessments.Answer("3", "A dog.") with { Mentions = 1, ObjectsPresent = 4, ObjectsFound = 1 },
            Assessments.Answer("4", ""),
        ]);

        Assert.Equal((4, 1), (metrics.Responses, metrics.EmptyResponses));
        Assert.Equal((2L, 4L), (metrics.ResponseRate.Numerator, metrics.ResponseRate.Denominator));
        Assert.Equal(0.5, metrics.ResponseRate.Value);
        Assert.Equal(4.0 / 8, metrics.MentionRate.Value);
        Assert.Equal(4.0 / 8, metrics.Recall.Value);
        Assert.Equal((6 + 8 + 2 + 0) / 4.0, metrics.Words.Value);
        Assert.Equal(1.0, metrics.SegmentsPerResponse.Value);
        Assert.Equal(0.25, metrics[HallucinationType.Object].ResponseRate.Value);
        Assert.Equal(0.5, metrics[HallucinationType.Object].SegmentsPerResponse.Value);
        Assert.Equal(0.25, metrics[HallucinationType.Number].ResponseRate.Value);
        Assert.Equal(0, metrics[HallucinationType.Action].ResponseRate.Value);
    }

    [Fact]
    public void From_SegmentWithTwoTypes_CountsOnceOverallAndOncePerType()
    {
        ResponseAssessment answer = Assessments.Answer("1", "Two cats.") with
        {
            Segments = [new HallucinatedSegment(new TextSpan(0, 8), [HallucinationType.Number, HallucinationType.Object])],
        };
        HallucinationMetrics metrics = HallucinationMetrics.From([answer]);
        Assert.Equal(1, metrics.SegmentsPerResponse.Numerator);
        Assert.Equal(1, metrics[HallucinationType.Number].SegmentsPerResponse.Numerator);
        Assert.Equal(1, metrics[HallucinationType.Object].SegmentsPerResponse.Numerator);
    }

    [Fact]
    public void From_NothingCounted_FiguresAreAbsent()
    {
        HallucinationMetrics metrics = HallucinationMetrics.From([Assessments.Wrong("1", 1)]);
        Assert.False(metrics.MentionRate.HasValue);
        Assert.False(metrics.Recall.HasValue);
        Assert.Equal(1, metrics.ResponseRate.Value);
    }

    [Fact]
    public void From_OwnHallucinatedMentions_OverrideSegments()
    {
        ResponseAssessment answer = Assessments.Wrong("1", 2, mentions: 10) with { HallucinatedMentions = 5 };
        Assert.Equal(0.5, HallucinationMetrics.From([answer]).MentionRate.Value);
    }

    [Fact]
    public void Types_CustomType_FollowsThePapersSix()
    {
        HallucinationMetrics metrics = HallucinationMetrics.From([Assessments.Answer("1", "It says EXIT.", ("EXIT", Text))]);
        Assert.Equal([.. HallucinationType.All, Text], metrics.Types.Select(t => t.Type));
        Assert.Equal(1, metrics[Text].ResponseRate.Value);
    }

    [Fact]
    public void Indexer_TypeThatNeverOccurs_NamesTheMeasuredOnes()
    {
        HallucinationMetrics metrics = HallucinationMetrics.From([Assessments.Wrong("1", 1)]);
        Assert.Contains("object, position", Assert.Throws<KeyNotFoundException>(() => metrics[Text]).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void From_NoAnswers_Throws() =>
        Assert.Equal("responses", Assert.Throws<ArgumentException>(() => HallucinationMetrics.From([])).ParamName);
}
