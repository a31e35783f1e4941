using System.Text.Json;
using RlhfV.Preferences;

namespace RlhfV.Evaluation.Tests;

[Trait("Category", "Golden")]
public sealed class MHumanEvalTests
{
    private static readonly JsonElement Golden = GoldenJson.Read("mhumaneval", "golden.json");

    public static TheoryData<string> Sets => [.. Golden.GetProperty("sets").EnumerateArray().Select(s => s.GetRawText())];

    [Theory]
    [MemberData(nameof(Sets), DisableDiscoveryEnumeration = true)]
    public void Score_StoredSet_Agrees(string stored)
    {
        using JsonDocument document = JsonDocument.Parse(stored);
        JsonElement expected = document.RootElement.GetProperty("expected");
        IReadOnlyList<ResponseAssessment> responses = Read(document.RootElement.GetProperty("items").GetRawText());
        Assert.Equal(expected.GetProperty("samples").GetInt32(), responses.Count);
        AssertMarks(document.RootElement.GetProperty("items"), responses);
        if (responses.Count == 0)
        {
            Assert.Throws<ArgumentException>(() => MHumanEval.Score(responses));
            AssertNothing(expected.GetProperty("by_type"));
            Assert.All(expected.GetProperty("by_source").EnumerateObject(), source => AssertNothing(source.Value));
            Assert.Empty(expected.GetProperty("curve").EnumerateArray());
            Assert.Equal(JsonValueKind.Null, expected.GetProperty("response_share_for_75_percent").ValueKind);
            return;
        }

        MHumanEvalResult result = MHumanEval.Score(responses, new() { Resamples = 100 });
        AssertRates(expected.GetProperty("by_type"), result.Metrics);
        foreach (JsonProperty source in expected.GetProperty("by_source").EnumerateObject())
        {
            if (responses.Any(response => response.Source == source.Name))
            {
                AssertRates(source.Value, result.BySource[source.Name]);
            }
            else
            {
                Assert.False(result.BySource.ContainsKey(source.Name));
                AssertNothing(source.Value);
            }
        }

        Assert.Superset(
            result.BySource.Keys.ToHashSet(), expected.GetProperty("by_source").EnumerateObject().Select(source => source.Name).ToHashSet());

        Assert.Equal(
            expected.GetProperty("curve").EnumerateArray().SelectMany(p => p.EnumerateArray()).Select(v => v.GetDouble()),
            result.Curve.Points.SelectMany(p => new[] { p.Step, p.Value }), (a, b) => Math.Abs(a - b) < 1e-12);
        JsonElement share = expected.GetProperty("response_share_for_75_percent");
        Assert.Equal(share.ValueKind == JsonValueKind.Null ? null : share.GetDouble(), result.Curve.ResponseShareFor(0.75));
    }

    [Fact]
    public void Read_PlacesBeyondTheBasicPlane_CountCharacters()
    {
        ResponseAssessment response = Read(
            """[{"sample_id": 1, "response": "\ud83d\udc15 a cat", "segments": [{"start": 4, "end": 7, "types": ["object"]}]}]""")[0];
        Assert.Equal("cat", response.Response.Substring(response.Segments[0].Span.Start, response.Segments[0].Span.Length));
    }

    [Theory]
    [InlineData("""{"start": 0, "end": 9, "types": ["object"]}""")]
    [InlineData("""{"start": 2, "end": 2, "types": ["object"]}""")]
    [InlineData("""{"start": 0, "end": 1, "types": []}""")]
    [InlineData("""{"start": 0, "end": 1}""")]
    [InlineData("7")]
    [InlineData("\"\\ud83d\"")]
    [InlineData("""{"start": "0", "end": 1, "types": ["object"]}""")]
    [InlineData("""{"start": 0, "end": 1.5, "types": ["object"]}""")]
    public void Read_BadSegment_LeavesTheResponseOutAndSaysSo(string segment)
    {
        RecordFile<ResponseAssessment> responses = Read(
            $$"""
            [{"sample_id": 1, "response": "cat", "segments": [{{segment}}]}, {"sample_id": 2, "response": "cat", "segments": []},
             {"sample_id": 2, "response": "cat", "segments": []}, {"response": "cat", "segments": []}]
            """);
        Assert.Equal(["2", "2"], responses.Select(response => response.Id));
        Assert.Equal(
            [DiagnosticCode.MalformedRecord, DiagnosticCode.MalformedRecord, DiagnosticCode.DuplicateAnswer],
            MHumanEval.Score(responses).Diagnostics.Select(d => d.Code));
    }

    [Fact]
    public void FromCorrections_ReplacedStretches_AreTheHallucinations()
    {
        PreferenceExample example = new()
        {
            Prompt = "What is there?",
            Chosen = "A dog and a big ball.",
            Rejected = "A cat and a ball.",
            Segments =
            [
                new() { Rejected = new(2, 3), Chosen = new(2, 3), Type = HallucinationType.Object },
                new() { Rejected = new(12, 0), Chosen = new(12, 4), Type = HallucinationType.Attribute },
            ],
        };
        ResponseAssessment response = MHumanEval.FromCorrections([example])[0];
        Assert.Equal("A cat and a ball.", response.Response);
        Assert.Equal([new TextSpan(2, 3)], response.Segments.Select(s => s.Span));
    }

    [Fact]
    public void Types_OfTheStoredSets_AreThePapersFour() => Assert.Equal(
        new[] { HallucinationType.Object, HallucinationType.Position, HallucinationType.Number, HallucinationType.Other }.Select(type => type.Code),
        Golden.GetProperty("types").Strings());

    [Fact]
    public void Score_FileThatLostEverything_SaysWhatItLost() => Assert.Contains(
        "marks.json[0]", Assert.Throws<ArgumentException>("responses", () => MHumanEval.Score(Read("""[{"sample_id": 1}]"""))).Message,
        StringComparison.Ordinal);

    private static void AssertMarks(JsonElement items, IReadOnlyList<ResponseAssessment> responses)
    {
        foreach ((JsonElement item, ResponseAssessment response) in items.EnumerateArray().Zip(responses))
        {
            Assert.Equal($"{item.GetProperty("sample_id")}", response.Id);
            Assert.Equal((item.Text("response"), item.Text("source")), (response.Response, response.Source));
            Assert.Equal(
                item.GetProperty("segments").EnumerateArray().Select(segment => segment.Text("text")),
                response.Segments.Select(segment => response.Response.Substring(segment.Span.Start, segment.Span.Length)));
        }
    }

    private static void AssertNothing(JsonElement expected) => Assert.All(Types(expected), type => Assert.Equal(
        (0, JsonValueKind.Null, 0),
        (type.Value.GetProperty("responses").GetInt32(), type.Value.GetProperty("rate").ValueKind, type.Value.GetProperty("segments").GetInt32())));

    private static JsonElement.ObjectEnumerator Types(JsonElement expected)
    {
        Assert.Equal(
            Golden.GetProperty("types").Strings().Append("all").Order(), expected.EnumerateObject().Select(type => type.Name).Order());
        return expected.EnumerateObject();
    }

    private static void AssertRates(JsonElement expected, HallucinationMetrics metrics)
    {
        foreach (JsonProperty type in Types(expected))
        {
            RatioEstimate rate = type.Name == "all" ? metrics.ResponseRate : metrics[new(type.Name)].ResponseRate;
            RatioEstimate segments = type.Name == "all" ? metrics.SegmentsPerResponse : metrics[new(type.Name)].SegmentsPerResponse;
            Assert.Equal(type.Value.GetProperty("responses").GetInt64(), rate.Numerator);
            Assert.Equal(type.Value.GetProperty("rate").GetDouble(), rate.Value, 1e-12);
            Assert.Equal(type.Value.GetProperty("segments").GetInt64(), segments.Numerator);
        }
    }

    private static RecordFile<ResponseAssessment> Read(string json)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("marks.json"), json);
        return MHumanEvalFile.Read(folder.File("marks.json"));
    }
}
