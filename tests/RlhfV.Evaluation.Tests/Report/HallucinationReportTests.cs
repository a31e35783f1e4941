using System.Text.Json;
using System.Xml.Linq;
using RlhfV.Preferences;

namespace RlhfV.Evaluation.Tests;

public sealed class HallucinationReportTests
{
    private const string Hostile = "</p><script>alert('x')</script><img src=x onerror=alert(1)>";

    private static readonly BootstrapOptions Quick = new() { Resamples = 200 };

    [Fact]
    public void Save_TwoModels_WritesThreeFilesAndNothingElse()
    {
        using var folder = new TemporaryFolder();
        Report().Save(folder.File("deep/er"), TestContext.Current.CancellationToken);
        Assert.Equal(
            ["report.html", "report.json", "report.md"],
            Directory.GetFileSystemEntries(folder.File("deep/er")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void ToJson_HasTheFiguresOfBothModels()
    {
        HallucinationReport report = Report();
        using JsonDocument json = JsonDocument.Parse(report.ToJson());
        foreach ((string key, HallucinationMetrics metrics) in new[] { ("base", report.Base.Metrics), ("aligned", report.Aligned.Metrics) })
        {
            JsonElement model = json.RootElement.GetProperty(key);
            Assert.Equal(metrics.ResponseRate.Value, model.GetProperty("responseRate").GetDouble());
            Assert.Equal(metrics.MentionRate.Value, model.GetProperty("mentionRate").GetDouble());
            Assert.Equal(metrics.Recall.Value, model.GetProperty("recall").GetDouble());
            Assert.Equal(metrics.Words.Value, model.GetProperty("words").GetDouble());
            foreach (HallucinationType type in HallucinationType.All)
            {
                Assert.Equal(metrics[type].ResponseRate.Value, model.GetProperty(type.Code).GetDouble());
                Assert.Equal(
                    metrics[type].SegmentsPerResponse.Value,
                    model.GetProperty("types").GetProperty(type.Code).GetProperty("segmentsPerResponse").GetDouble());
            }

            Assert.Equal(metrics.ResponseRate.Interval.Upper, model.GetProperty("intervals").GetProperty("responseRate")[1].GetDouble());
        }

        JsonElement comparison = json.RootElement.GetProperty("comparison");
        Assert.Equal(
            report.Comparison.ResponseRateReduction.Value,
            comparison.GetProperty("responseRateReduction").GetProperty("value").GetDouble());
        Assert.Equal(report.Comparison.McNemarP, comparison.GetProperty("mcNemarP").GetDouble());
        Assert.Equal(0.7, json.RootElement.GetProperty("training")[0].GetProperty("points")[0][1].GetDouble(), 1e-12);
    }

    [Fact]
    public void Groups_ScenesAndLengths_CoverEveryItem()
    {
        HallucinationReport report = Report();
        Assert.Equal(["kitchen", "street", "living room", "bathroom"], report.ByScene.Keys);
        Assert.Equal(60, report.ByScene.Values.Sum(scene => scene.Items));
        IReadOnlyList<LengthGroup> lengths = LengthGroups.Of(report);
        Assert.InRange(lengths.Count, 2, 3);
        Assert.Equal((60L, 60L), (lengths.Sum(group => group.Base.Denominator), lengths.Sum(group => group.Aligned.Denominator)));
        Assert.Equal(report.Base.Metrics.ResponseRate.Numerator, lengths.Sum(group => group.Base.Numerator));
        using JsonDocument json = JsonDocument.Parse(report.ToJson());
        Assert.Equal(
            report.ByScene["street"].BaselineRate,
            json.RootElement.GetProperty("scenes").GetProperty("street").GetProperty("baseResponseRate").GetDouble());
        Assert.StartsWith("under ", json.RootElement.GetProperty("lengths").EnumerateObject().First().Name, StringComparison.Ordinal);
    }

    [Fact]
    public void Benchmarks_Figures_StandInAllThreeForms()
    {
        ResponseAssessment answer = Assessments.Wrong("1", 1);
        HallucinationReport report = new(new("base", [answer], Quick), new("aligned", [answer], Quick), new()
        {
            Benchmarks =
            [
                new("POPE (Strict)", "Accuracy", new(0.8, new(0.7, 0.9)), new(0.85, new(0.75, 0.95))),
                new("MMHal-Bench (Strict, stub-1)", "Score", new(2.5, new(2, 3)),
                    new(double.NaN, ConfidenceInterval.None)) { IsShare = false },
            ],
        });
        using JsonDocument json = JsonDocument.Parse(report.ToJson());
        Assert.Equal(0.85, json.RootElement.GetProperty("benchmarks")[0].GetProperty("aligned").GetProperty("value").GetDouble());
        Assert.Contains("| Accuracy | 80.0% (70.0% to 90.0%) | 85.0% (75.0% to 95.0%) |", report.ToMarkdown(), StringComparison.Ordinal);
        Assert.Contains("| Score | 2.50 (2.00 to 3.00) | n/a | n/a |", report.ToMarkdown(), StringComparison.Ordinal);
        Assert.Contains("MMHal-Bench (Strict, stub-1)", Html(report), StringComparison.Ordinal);
    }

    [Fact]
    public void Diagnostics_AreCountedInAllThreeForms()
    {
        ResponseAssessment answer = Assessments.Wrong("1", 1);
        HallucinationReport report = new(new("base", [answer], Quick), new("aligned", [answer], Quick), new()
        {
            Diagnostics =
            [
                new(DiagnosticCode.JudgeRefused, "7", "The judge declined."), new(DiagnosticCode.DuplicateAnswer, "8", "The first counts."),
                new(DiagnosticCode.JudgeRefused, "", "Again."),
            ],
        });
        using JsonDocument json = JsonDocument.Parse(report.ToJson());
        JsonElement leftOut = json.RootElement.GetProperty("leftOut");
        Assert.Equal(2, leftOut.GetProperty("totals").GetProperty(DiagnosticCode.JudgeRefused).GetInt32());
        Assert.Equal(3, leftOut.GetProperty("cases").GetArrayLength());
        Assert.Contains("| Items a judge declined to judge | 2 |", report.ToMarkdown(), StringComparison.Ordinal);
        string html = Html(report);
        Assert.Contains("<th scope=\"row\">Items a judge declined to judge</th><td><b>2</b></td>", html, StringComparison.Ordinal);
        Assert.Contains("The first counts.", html, StringComparison.Ordinal);
        Assert.DoesNotContain("left-out", Html(Report()), StringComparison.Ordinal);
    }

    [Fact]
    public void DiagnosticNames_EveryCode_HasWords()
    {
        string[] codes = [.. typeof(DiagnosticCode).GetFields().Select(field => (string)field.GetRawConstantValue()!)];
        Assert.True(codes.Length > 10);
        Assert.All(codes, code => Assert.NotEqual(code, DiagnosticNames.Of(code)));
    }

    [Fact]
    public void ToJson_FigureNotMeasured_IsNull()
    {
        HallucinationReport report = new(
            new("base", [Assessments.Wrong("1", 0)], Quick), new("aligned", [Assessments.Wrong("1", 0)], Quick));
        using JsonDocument json = JsonDocument.Parse(report.ToJson());
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("base").GetProperty("recall").ValueKind);
        Assert.Equal(
            JsonValueKind.Null,
            json.RootElement.GetProperty("comparison").GetProperty("responseRateReduction").GetProperty("value").ValueKind);
    }

    [Fact]
    public void WriteHtml_HostileText_StaysText()
    {
        ResponseAssessment answer = Assessments.Answer(Hostile, Hostile, ("script", new(Hostile))) with { Prompt = Hostile };
        string html = Html(new(
            new(Hostile, [answer], Quick), new("aligned", [answer], Quick),
            new() { Title = Hostile, Notes = [Hostile], Diagnostics = [new(Hostile, Hostile, Hostile)], Training = [new(Hostile, [new(0, 1), new(1, 2)]) { StepName = Hostile }] }));
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img src=x", html, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("&lt;script&gt;", html, StringComparison.Ordinal);
    }

    [Fact]
    public void WriteHtml_IsWellFormedAndLoadsNothing()
    {
        string html = Html(Report());
        // The page closes every element but these, so an XML reader can check its nesting.
        string xml = System.Text.RegularExpressions.Regex.Replace(
            html[html.IndexOf("<html", StringComparison.Ordinal)..], "<(meta|img)([^>]*)>", "<$1$2/>");
        XElement page = XElement.Parse(xml);
        Assert.DoesNotContain(page.DescendantsAndSelf(), e => e.Name.LocalName is "script" or "link" or "iframe");
        Assert.All(
            page.Descendants("img"), img => Assert.StartsWith("data:image/", (string?)img.Attribute("src"), StringComparison.Ordinal));
        Assert.Equal(20, page.Descendants("img").Count());
        Assert.DoesNotContain(",1,1)", html, StringComparison.Ordinal);
        Assert.NotEmpty(page.Descendants("mark"));
        Assert.Equal(5, page.Descendants().Count(e => e.Name.LocalName == "svg"));
        string[] ids = [.. page.Descendants().Attributes("id").Select(a => a.Value)];
        Assert.Equal(ids.Distinct(), ids);
    }

    [Fact]
    public void WriteHtml_EqualData_EqualBytes() => Assert.Equal(Html(Report()), Html(Report()));

    [Fact]
    public void WriteHtml_OneSidedData_StillDraws()
    {
        HallucinationReport report = new(
            new("base", [Assessments.Wrong("1", 0)], Quick), new("aligned", [Assessments.Wrong("1", 3)], Quick),
            new() { Training = [new("nothing", []), new("gap", [new(0, double.NaN), new(1, 2)])] });
        string html = Html(report);
        Assert.Contains("Worse", html, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", html, StringComparison.Ordinal);
    }

    [Fact]
    public void ToMarkdown_EscapesNamesAndListsEveryFigure()
    {
        ResponseAssessment answer = Assessments.Wrong("1", 1);
        string text = new HallucinationReport(new("a|b\nc", [answer], Quick), new("aligned", [answer], Quick)).ToMarkdown();
        Assert.Contains("| | a\\|b c | aligned | change |", text, StringComparison.Ordinal);
        Assert.Contains("| Response level | 100.0% (", text, StringComparison.Ordinal);
        Assert.Contains("| Object recall | n/a", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Save_Cancelled_WritesNothing()
    {
        using var folder = new TemporaryFolder();
        Assert.Throws<OperationCanceledException>(() => Report().Save(folder.Path, new CancellationToken(canceled: true)));
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Html_ChartsAndCards_SayInWordsWhichModelIsWhichAndHowSureTheChangeIs()
    {
        HallucinationReport report = Report();
        string html = Html(report);
        Assert.Contains($"Left bars: {report.Base.Name}; right bars: {report.Aligned.Name}.", html, StringComparison.Ordinal);
        Assert.Contains($"Solid: {report.Base.Name}; dashed: {report.Aligned.Name}.", html, StringComparison.Ordinal);
        Assert.Contains("share of responses", html, StringComparison.Ordinal);
        Assert.Contains("share of segments", html, StringComparison.Ordinal);
        Assert.Equal(4, html.Split("<p class=\"from\">change ").Length - 1);
    }

    [Fact]
    public void Write_TextThatIsNoText_MakesPagesThatCanBeRead()
    {
        const string Odd = "half \ud83d <b>&\0\u001b[31m | `x` \u202e";
        ResponseAssessment[] answers = [Assessments.Answer(Odd, Odd, ("half", new HallucinationType(Odd))) with { Prompt = Odd, Scene = Odd }];
        var report = new HallucinationReport(new(Odd, answers), new("b", answers), new()
        {
            Title = Odd,
            Notes = [Odd],
            Diagnostics = [new(Odd, Odd, Odd)],
            Benchmarks = [new(Odd, Odd, new(double.NaN, ConfidenceInterval.None), new(double.PositiveInfinity, ConfidenceInterval.None))],
            Training = [new(Odd, [new(double.NaN, double.NaN), new(1, double.PositiveInfinity)])],
        });
        using JsonDocument json = JsonDocument.Parse(report.ToJson());
        Assert.Equal("rlhfv-hallucination-report/1", json.RootElement.GetProperty("format").GetString());
        Assert.DoesNotContain('\0', report.ToMarkdown());
        using var page = new StringWriter();
        report.WriteHtml(page);
        Assert.DoesNotContain("<b>&", page.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain('\0', page.ToString());
    }

    [Fact]
    public void Write_OneItemAndOnlySilence_SaysWhatThatMeans()
    {
        ResponseAssessment[] silent = [Assessments.Answer("1", "")];
        var report = new HallucinationReport(new("base", silent), new("aligned", silent));
        using var page = new StringWriter();
        report.WriteHtml(page);
        Assert.Contains("empty response", page.ToString(), StringComparison.Ordinal);
        Assert.Contains("| Empty responses | 100.0% (", report.ToMarkdown(), StringComparison.Ordinal);
        Assert.Contains("n/a", report.ToMarkdown(), StringComparison.Ordinal);
    }

    private static HallucinationReport Report() => new(
        new("base", Assessments.Model(60, 0.16, seed: 1), Quick), new("aligned", Assessments.Model(60, 0.07, seed: 2), Quick),
        new()
        {
            Training =
            [
                new("Loss", [.. Enumerable.Range(0, 60).Select(i => new ReportPoint(i, 0.15 + 0.55 * Math.Exp(-i / 15.0)))]),
                new("Reward accuracy", [.. Enumerable.Range(0, 60).Select(i => new ReportPoint(i, 1 - 0.5 * Math.Exp(-i / 12.0)))]),
            ],
            Notes = ["Seed 1."],
        });

    private static string Html(HallucinationReport report)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        report.WriteHtml(writer);
        return writer.ToString();
    }
}
