namespace RlhfV.Evaluation.Tests;

public sealed class ObjectTruthTests
{
    [Fact]
    public void From_UnknownNames_AreCountedLeftOutAndInEveryResult()
    {
        ObjectTruth truth = ObjectTruth.From(
            [new("1", ["dog", "forklift"]), new("2", ["forklift"]), new("3", ["puppy"])], ObjectVocabulary.Coco);
        Assert.Equal(["dog"], truth.Images["1"]);
        Assert.Empty(truth.Images["2"]);
        Assert.Equal(["dog"], truth.Images["3"]);
        EvaluationDiagnostic unknown = Assert.Single(truth.Diagnostics);
        Assert.Equal((DiagnosticCode.UnknownObject, "forklift"), (unknown.Code, unknown.Item));
        Assert.Contains("2 annotations", unknown.Message, StringComparison.Ordinal);
        Assert.Contains(unknown, new ObjectHalBench(truth).ScoreLexical([]).Diagnostics);
        Assert.Contains(unknown, new Chair(truth).Score([]).Diagnostics);
    }

    [Fact]
    public void Score_ImagesWithoutAnswer_AreCountedInOneLine()
    {
        ObjectTruth truth = ObjectTruth.From([new("1", ["dog"]), new("2", ["cat"]), new("3", ["cup"])], ObjectVocabulary.Coco);
        ObjectHalResult result = new ObjectHalBench(truth).ScoreLexical([new() { ImageId = "1", Question = "", Text = "A dog." }]);
        EvaluationDiagnostic missing = Assert.Single(result.Diagnostics);
        Assert.Equal(DiagnosticCode.MissingAnswer, missing.Code);
        Assert.StartsWith("2 of the 3 annotated images", missing.Message, StringComparison.Ordinal);
    }
}
