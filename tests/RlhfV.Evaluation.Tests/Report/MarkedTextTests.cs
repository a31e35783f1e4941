using RlhfV.Preferences;

namespace RlhfV.Evaluation.Tests;

public sealed class MarkedTextTests
{
    [Fact]
    public void Html_Segments_AreMarkedWithTypeAndEscaped() =>
        Assert.Equal(
            "A <mark class=\"number\" title=\"number\" data-type=\"number\">3 &lt; 4</mark> &amp; dogs",
            MarkedText.Html(Assessments.Answer("1", "A 3 < 4 & dogs", ("3 < 4", HallucinationType.Number))));

    [Fact]
    public void Html_HostileType_NeverBecomesAClass()
    {
        string html = MarkedText.Html(Assessments.Answer("1", "cat", ("cat", new("x\" onmouseover=\"alert(1)"))));
        Assert.Equal(
            "<mark class=\"other\" title=\"x&quot; onmouseover=&quot;alert(1)\" data-type=\"x&quot; " +
            "onmouseover=&quot;alert(1)\">cat</mark>", html);
    }

    [Fact]
    public void Html_Overlap_MarksEveryCharacterOnce()
    {
        ResponseAssessment answer = Assessments.Answer("1", "abcdef") with
        {
            Segments = [new(new TextSpan(2, 3), HallucinationType.Object), new(new TextSpan(0, 4), HallucinationType.Action)],
        };
        string html = MarkedText.Html(answer);
        Assert.Contains(">abcd</mark>", html, StringComparison.Ordinal);
        Assert.Contains(">e</mark>f", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Html_SpanInsideASurrogatePair_KeepsTheCharacterWhole()
    {
        ResponseAssessment answer = Assessments.Answer(
            "1", "a\U0001F415b") with
        { Segments = [new(new TextSpan(2, 1), HallucinationType.Object)] };
        Assert.Contains(">\U0001F415</mark>b", MarkedText.Html(answer), StringComparison.Ordinal);
    }
}
