using RlhfV.Preferences;

namespace RlhfV.Evaluation.Tests;

public sealed class ResponseAssessmentTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("  \n ", 0)]
    [InlineData("one", 1)]
    [InlineData(" two\twords ", 2)]
    public void Words_CountsRunsWithoutWhiteSpace(string response, int words)
    {
        Assert.Equal(words, Assessments.Answer("1", response).Words);
        Assert.Equal(words, (Assessments.Answer("1", "before") with { Response = response }).Words);
    }

    public static TheoryData<string, ResponseAssessment> Contradictions => new()
    {
        { "ends behind the response",
            Assessments.Answer("7", "short") with { Segments = [new(new TextSpan(3, 3), HallucinationType.Object)] } },
        { "negative", Assessments.Wrong("7", 0, mentions: -1) },
        { "2 mentions are hallucinated but only 1", Assessments.Wrong("7", 2, mentions: 1) },
        { "only one of", Assessments.Wrong("7", 0) with { ObjectsFound = 1 } },
        { "5 objects were found but only 4", Assessments.Wrong("7", 0) with { ObjectsFound = 5, ObjectsPresent = 4 } },
    };

    [Theory]
    [MemberData(nameof(Contradictions), DisableDiscoveryEnumeration = true)]
    public void Validate_Contradiction_NamesTheAnswer(string what, ResponseAssessment answer)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => HallucinationMetrics.From([answer]));
        Assert.Contains("'7'", error.Message, StringComparison.Ordinal);
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Segment_WithoutTypeOrLength_Throws()
    {
        Assert.Throws<ArgumentException>(() => new HallucinatedSegment(new TextSpan(0, 1), []));
        Assert.Throws<ArgumentOutOfRangeException>(() => new HallucinatedSegment(new TextSpan(0, 0), HallucinationType.Object));
        Assert.Throws<ArgumentOutOfRangeException>(() => new HallucinatedSegment(new TextSpan(-1, 2), HallucinationType.Object));
    }
}
