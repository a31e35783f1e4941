using System.Xml.Linq;

namespace RlhfV.Preferences.Tests.Statistics;

public sealed class PreferenceStatisticsTests
{
    [Fact]
    public void Compute_AnnotatedAndPlainExamples_CountsBoth()
    {
        PreferenceExample plain = Samples.Example(1) with { Segments = [], Image = null };

        PreferenceStatistics statistics = PreferenceStatistics.Compute([Samples.Example(), Samples.Example(2), plain]);

        Assert.Equal(3, statistics.Examples);
        Assert.Equal(2, statistics.Annotated);
        Assert.Equal(2, statistics.WithPicture);
        Assert.Equal(1, statistics.Pictures); // the same bytes under two names
        Assert.Equal(5, statistics.Segments); // two annotated ones each, and one by comparison
        Assert.Equal(5 / 3.0, statistics.SegmentsPerExample.Mean, 12);
        Assert.Equal(9, statistics.ChosenWords.Mean);
        Assert.Equal(0, statistics.LengthDifference.Mean);
        Assert.Equal(["object", "position", "number", "attribute", "action", "other", "style"], statistics.Types.Select(type => type.Name));
        Assert.Equal(new NamedCount("number", 2, 0.5), statistics.Types[2]);
        Assert.Equal(new NamedCount("micro", 3, 1), Assert.Single(statistics.Models));
        Assert.Equal(3, statistics.Prompts.Count);
    }

    [Fact]
    public void Compute_SeveralPictures_AreAllCounted()
    {
        PreferenceImage[] images = Samples.Pictures(3);

        PreferenceStatistics statistics = PreferenceStatistics.Compute(
            [Samples.Example().WithImages(images), Samples.Example().WithImages(images[1..]), Samples.Example().WithImages([])]);

        Assert.Equal((2, 3), (statistics.WithPicture, statistics.Pictures));
    }

    [Fact]
    public void Compute_Nothing_GivesNoNumbers()
    {
        PreferenceStatistics statistics = PreferenceStatistics.Compute([]);

        Assert.Equal(0, statistics.Examples);
        Assert.True(double.IsNaN(statistics.ChosenWords.Mean));
        Assert.Contains("| words per chosen answer, mean | none |", statistics.ToMarkdown(), StringComparison.Ordinal);
        Assert.NotNull(XDocument.Parse(statistics.ToSvg()).Root);
    }

    [Theory]
    [InlineData(new[] { 3, 1, 2 }, 2, 2)]
    [InlineData(new[] { 4, 1, 2, 3 }, 2.5, 2.5)]
    [InlineData(new[] { 7 }, 7, 7)]
    public void Of_Values_GivesMeanAndMedian(int[] values, double mean, double median)
    {
        var summary = DistributionSummary.Of([.. values]);

        Assert.Equal((mean, median, values.Min(), values.Max()), (summary.Mean, summary.Median, summary.Minimum, summary.Maximum));
    }

    [Fact]
    public void Of_KnownValues_GivesTheStandardDeviation() =>
        Assert.Equal(2, DistributionSummary.Of([2, 4, 4, 4, 5, 5, 7, 9]).StandardDeviation, 12);

    [Fact]
    public void ToMarkdown_HostileTexts_StayInTheirCells()
    {
        PreferenceExample example = Samples.Example() with { Prompt = "a|b\n<script>", Origin = new() { Model = "m|n" } };

        string markdown = PreferenceStatistics.Compute([example]).ToMarkdown();

        Assert.Contains("| a\\|b &lt;script> | 1 | 100.0 |", markdown, StringComparison.Ordinal);
        Assert.Contains("| m\\|n | 1 | 100.0 |", markdown, StringComparison.Ordinal);
        Assert.Contains("| number | 1 | 50.0 | 16.5 |", markdown, StringComparison.Ordinal);
    }

    [Fact]
    public void ToSvg_TypesWithMarkup_IsWellFormedAndScaled()
    {
        PreferenceExample example = Samples.Example();
        example = example with { Segments = [example.Segments[0] with { Type = new HallucinationType("<b>&") }] };

        XDocument svg = XDocument.Parse(PreferenceStatistics.Compute([example]).ToSvg());

        XNamespace name = "http://www.w3.org/2000/svg";
        Assert.Contains(svg.Descendants(name + "text"), text => text.Value == "<b>&");
        Assert.Contains(svg.Descendants(name + "text"), text => text.Value == "100.0 %");
        Assert.All(svg.Descendants(name + "rect").Where(bar => bar.Attribute("y") is not null), bar =>
            Assert.InRange(double.Parse(bar.Attribute("width")!.Value, System.Globalization.CultureInfo.InvariantCulture), 0, 380));
    }

    [Fact]
    public void Compute_Cancelled_Stops() => Assert.Throws<OperationCanceledException>(
        () => PreferenceStatistics.Compute([Samples.Example()], cancellationToken: new CancellationToken(canceled: true)));
}
