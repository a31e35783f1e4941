using RlhfV.Preferences;

namespace RlhfV.Evaluation.Tests;

/// <summary>Corrected answers, as annotators' tools export them, read as an evaluation of the model that was corrected.</summary>
public sealed class MHumanEvalCorrectionsTests
{
    private static readonly PreferenceExample[] Corrected =
    [
        new()
        {
            Image = PreferenceImage.FromBytes(TinyPng.Encode(4, (x, y) => ((byte)x, (byte)y, 0)), "a.png"),
            Prompt = "What is there?",
            Rejected = "A cat and two balls.",
            Chosen = "A dog and one ball.",
            Segments =
            [
                new() { Rejected = new(2, 3), Chosen = new(2, 3), Type = HallucinationType.Object, Annotator = "a1" },
                new() { Rejected = new(10, 9), Chosen = new(10, 8), Type = HallucinationType.Number, Annotator = "a1" },
            ],
            Origin = new() { Dataset = "kitchen", Id = "k-1", Model = "model-7b" },
        },
        new()
        {
            Prompt = "What is there?",
            Rejected = "A red cup.",
            Chosen = "A green cup.",
            Origin = new() { Dataset = "kitchen", Id = "k-2", Model = "model-13b" },
        },
    ];

    [Theory]
    [InlineData("export.jsonl")]
    [InlineData("export.parquet")]
    [InlineData("export.json")]
    public void ReadCorrections_ExportInAnyFormat_KeepsSegmentsTypesAndModels(string name)
    {
        using var folder = new TemporaryFolder();
        PreferenceFile.Write(folder.File(name), Corrected);
        RecordFile<ResponseAssessment> responses = MHumanEvalFile.ReadCorrections(folder.File(name));
        Assert.Empty(responses.Diagnostics);
        Assert.Equal(["k-1", "k-2"], responses.Select(response => response.Id));
        Assert.Equal(["model-7b", "model-13b"], responses.Select(response => response.Source));
        Assert.Equal(
            ["cat: object", "two balls: number"], responses[0].Segments.Select(segment =>
                $"{responses[0].Response.Substring(segment.Span.Start, segment.Span.Length)}: {segment.Types.Single().Code}"));

        // Nobody marked the second one: a diff finds what was replaced.
        Assert.Equal((new TextSpan(2, 3), HallucinationType.Other), (responses[1].Segments.Single().Span, responses[1].Segments[0].Types.Single()));
        MHumanEvalResult result = MHumanEval.Score(responses);
        Assert.Equal(0.5, result.Metrics[HallucinationType.Number].ResponseRate.Value);
        Assert.Equal(3, result.Metrics.SegmentsPerResponse.Numerator);
        Assert.Equal(2, result.BySource.Count);
    }

    [Fact]
    public void FromCorrections_SeveralPictures_AreAllInTheAssessmentAndTheReport()
    {
        PreferenceImage[] images =
            [.. Enumerable.Range(0, 3).Select(i => PreferenceImage.FromBytes(TinyPng.Encode(4 + i, (x, y) => ((byte)x, (byte)y, 0))))];
        PreferenceExample example = Corrected[0].WithImages(images);

        ResponseAssessment response = MHumanEval.FromCorrections([example]).Single();
        using var writer = new StringWriter();
        new HallucinationReport(new("before", [response]), new("after", [response])).WriteHtml(writer);
        string html = writer.ToString();

        Assert.Equal(images, response.MoreImages.Prepend(response.Image!));
        Assert.All(images.Index(), image => Assert.Contains(
            $"base64,{Convert.ToBase64String(image.Item.Bytes!.Value.Span)}\" alt=\"Picture {image.Index + 1} of 3 of item k-1\"", html, StringComparison.Ordinal));
    }

    [Fact]
    public void ReadCorrections_HandWrittenLines_AreReadAndBadOnesAreInTheResult()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("export.jsonl"), """
            {"prompt": "What?", "chosen": "A dog.", "rejected": "A cat.", "segments": [{"rejected": {"start": 2, "length": 3}, "chosen": {"start": 2, "length": 3}, "type": "object"}]}
            {"prompt": "What?", "chosen": "A dog."}
            {"prompt": "What?", "chosen": "A dog.", "rejected": "A cow.", "image": "nowhere.png"}
            """);
        RecordFile<ResponseAssessment> responses = MHumanEvalFile.ReadCorrections(folder.File("export.jsonl"));
        Assert.Equal(["A cat."], responses.Select(response => response.Response));
        Assert.Equal(HallucinationType.Object, responses[0].Segments.Single().Types.Single());
        Assert.Equal(["export.jsonl:2", "export.jsonl:3"], MHumanEval.Score(responses).Diagnostics.Select(d => d.Item));
    }
}
