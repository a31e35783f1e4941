using System.Text.Json;
using RlhfV.Preferences;

namespace RlhfV.Evaluation.Tests;

[Trait("Category", "Golden")]
public sealed class ChairTests
{
    private static readonly JsonElement Golden = GoldenJson.Read("chair", "golden.json").GetProperty("expected");

    [Fact]
    public void Score_Official_EveryCaptionAgrees()
    {
        ChairResult result = Official(GoldenJson.Path("chair", "captions.jsonl"));
        JsonElement[] cases = [.. Golden.GetProperty("cases").EnumerateArray()];
        Assert.Equal(cases.Length, result.Scores.Count);
        foreach ((JsonElement expected, ObjectScore score) in cases.Zip(result.Scores))
        {
            JsonElement original = expected.GetProperty("original");
            Assert.Equal(expected.GetProperty("gt_original").Strings().ToHashSet(), score.Truth);
            Assert.Equal(original.GetProperty("mscoco_gt_words").Strings().ToHashSet(), score.Truth);
            Assert.All([expected, original], stored => Assert.Equal(
                ($"{stored.GetProperty("image_id").GetInt64()}", stored.Text("caption")), (score.Answer.ImageId, score.Response)));
            Assert.Equal(original.GetProperty("words").Strings(), score.Words);
            Assert.Equal(original.GetProperty("mscoco_generated_words").Strings(), score.Mentions.Select(m => m.Class));
            Assert.Equal(
                original.GetProperty("mscoco_hallucinated_words").EnumerateArray().Select(w => (w[0].GetString()!, w[1].GetString()!)),
                score.Hallucinated.Select(m => (m.Word, m.Class)));
            Assert.Equal(
                original.GetProperty("hallucination_idxs").EnumerateArray().Select(i => i.GetInt32()),
                score.Hallucinated.Select(m => m.Index));
            Assert.Equal(original.GetProperty("metrics").GetProperty("CHAIRs").GetInt32() == 1, score.IsHallucinated);
            Assert.Equal(original.GetProperty("metrics").GetProperty("CHAIRi").GetDouble(), score.MentionRate, 1e-12);
            Assert.Equal(expected.GetProperty("original_recall").GetDouble(), score.Recall, 1e-12);
        }
    }

    [Fact]
    public void Score_Official_OverallAgrees()
    {
        ObjectRates rates = Official(GoldenJson.Path("chair", "captions_karpathy.json")).Rates;
        JsonElement original = Golden.GetProperty("overall_original");
        Assert.Equal(original.GetProperty("CHAIRs").GetDouble(), rates.OfResponses.Value, 1e-12);
        Assert.Equal(original.GetProperty("CHAIRi").GetDouble(), rates.OfMentions.Value, 1e-12);
        JsonElement expected = Golden.GetProperty("overall_recall");
        Assert.Equal(expected.GetProperty("CHAIRs").GetDouble(), rates.OfResponses.Value, 1e-12);
        Assert.Equal(expected.GetProperty("CHAIRi").GetDouble(), rates.OfMentions.Value, 1e-12);
        Assert.Equal(expected.GetProperty("Recall").GetDouble(), rates.Recall.Value, 1e-12);
    }

    [Theory]
    [InlineData("A bus waits.", "bus")]
    [InlineData("Two men in suits.", "person")]
    [InlineData("A motor bike.", "motorcycle")]
    [InlineData("A slice of cheesecake.", "cake")]
    [InlineData("A TV and an IPHONE.", "tv", "cell phone")]
    [InlineData("Ties hang there.", "tie")]
    [InlineData("It shows us was as a mess.")]
    [InlineData("A stove top oven.", "oven")]
    public void Score_Strict_FindsWhatTheScriptMisses(string caption, params string[] classes)
    {
        ObjectTruth truth = ObjectTruth.From([new("1", [])], ObjectVocabulary.Coco);
        ObjectScore score = new Chair(truth).Score([new() { ImageId = "1", Question = "", Text = caption }]).Scores[0];
        Assert.Equal(classes, score.Mentions.Select(m => m.Class));
    }

    [Theory]
    [InlineData(ScoringMode.Strict)]
    [InlineData(ScoringMode.Official)]
    public void ToAssessments_HallucinatedMentions_BecomeSegments(ScoringMode mode)
    {
        ObjectTruth truth = ObjectTruth.From([new("1", ["dog", "cup"])], ObjectVocabulary.Coco);
        ChairResult result = new Chair(truth, mode).Score([new() { ImageId = "1", Question = "", Text = "A dog sits, by a bicycle." }]);

        ResponseAssessment assessment = Assert.Single(result.ToAssessments(answer => PreferenceImage.FromPath($"{answer.ImageId}.png")));

        HallucinatedSegment segment = Assert.Single(assessment.Segments);
        Assert.Equal("bicycle", assessment.Response.Substring(segment.Span.Start, segment.Span.Length));
        Assert.Equal(
            (2, 1, 2, 1), (assessment.Mentions, assessment.HallucinatedMentions, assessment.ObjectsPresent, assessment.ObjectsFound));
        Assert.Equal("1.png", assessment.Image?.Path);
    }

    [Fact]
    public void Score_NoObjectAnywhere_FiguresAreAbsentAndSaidSo()
    {
        ObjectTruth truth = ObjectTruth.From([new("1", [])], ObjectVocabulary.Coco);
        ChairResult result = new Chair(truth).Score([new() { ImageId = "1", Question = "", Text = "A calm mood." }]);
        Assert.False(result.Rates.OfMentions.HasValue);
        Assert.Equal(3, result.Diagnostics.Count(d => d.Code == DiagnosticCode.FigureAbsent));
    }

    [Fact]
    public void Score_UnknownImageAndRepeatedImage_AreReported()
    {
        ObjectTruth truth = ObjectTruth.From([new("1", ["dog"])], ObjectVocabulary.Coco);
        ModelAnswer[] captions =
        [
            new() { ImageId = "1", Question = "", Text = "A dog." },
            new() { ImageId = "1", Question = "", Text = "A cat." },
            new() { ImageId = "2", Question = "", Text = "A cat." },
        ];
        ChairResult strict = new Chair(truth).Score(captions);
        Assert.Single(strict.Scores);
        Assert.Equal([DiagnosticCode.DuplicateAnswer, DiagnosticCode.MissingTruth], strict.Diagnostics.Select(d => d.Code));
        ChairResult official = new Chair(truth, ScoringMode.Official).Score(captions);
        Assert.Equal([false, true, true], official.Scores.Select(score => score.IsHallucinated));
        Assert.Equal([DiagnosticCode.DuplicateAnswer, DiagnosticCode.MissingTruth], official.Diagnostics.Select(d => d.Code));
    }

    private static ChairResult Official(string captions)
    {
        ObjectTruth truth = ObjectTruth.FromCoco(
            [Coco("instances_train2014"), Coco("instances_val2014")], [Coco("captions_train2014"), Coco("captions_val2014")],
            Chair.CreateReader(ScoringMode.Official), cancellationToken: TestContext.Current.CancellationToken);
        return new Chair(truth, ScoringMode.Official).Score(ChairFile.Read(captions).Answers);
    }

    private static string Coco(string name) => GoldenJson.Path("chair", "coco", name + ".json");
}
