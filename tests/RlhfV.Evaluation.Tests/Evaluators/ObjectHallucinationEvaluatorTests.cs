using Microsoft.Extensions.AI;

namespace RlhfV.Evaluation.Tests;

public sealed class ObjectHallucinationEvaluatorTests
{
    private static readonly ObjectHallucinationEvaluator Evaluator = new();

    [Fact]
    public async Task EvaluateAsync_NamesWhatIsNotThere_SaysWhich()
    {
        ResponseEvaluation evaluation = await Evaluate("Two dogs and a taxi.", "dog", "cup");
        Assert.Equal(Evaluator.MetricNames.Order(), evaluation.Metrics.Keys.Order());
        Assert.True(evaluation[ObjectHallucinationEvaluator.HallucinatesMetric].Flag);
        Assert.Contains("taxi", evaluation[ObjectHallucinationEvaluator.HallucinatesMetric].Reason, StringComparison.Ordinal);
        Assert.Equal(0.5, evaluation[ObjectHallucinationEvaluator.MentionRateMetric].Number);
        Assert.Equal(0.5, evaluation[ObjectHallucinationEvaluator.RecallMetric].Number);
        Assert.Contains("cup", evaluation[ObjectHallucinationEvaluator.RecallMetric].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EvaluateAsync_NothingNamed_HasNoRateAndNoHallucination()
    {
        ResponseEvaluation evaluation = await Evaluate("", "dog");
        Assert.False(evaluation[ObjectHallucinationEvaluator.HallucinatesMetric].Flag);
        Assert.Null(evaluation[ObjectHallucinationEvaluator.MentionRateMetric].Number);
        Assert.Equal(0, evaluation[ObjectHallucinationEvaluator.RecallMetric].Number);
        Assert.Equal(DiagnosticCode.EmptyAnswer, Assert.Single(evaluation.Diagnostics).Code);
    }

    [Fact]
    public async Task EvaluateAsync_UnknownObjectInTheContext_IsADiagnostic() =>
        Assert.Equal(DiagnosticCode.UnknownObject, Assert.Single((await Evaluate("A dog.", "dog", "flux capacitor")).Diagnostics).Code);

    [Fact]
    public async Task EvaluateAsync_WithoutContext_SaysWhatIsMissingInsteadOfThrowing()
    {
        ResponseEvaluation evaluation = await Evaluator.EvaluateAsync(
            [], new ChatResponse(new ChatMessage(ChatRole.Assistant, "A dog.")), cancellationToken: TestContext.Current.CancellationToken);
        Assert.All(evaluation.Metrics.Values, metric => Assert.True(metric is { Number: null, Flag: null, Reason: not null }));
        Assert.Equal(DiagnosticCode.MissingTruth, Assert.Single(evaluation.Diagnostics).Code);
    }

    [Fact]
    public void Text_OfTheContext_ShowsAllOfIt() => Assert.Equal("dog, cup", new ObjectsShownContext(["dog", "cup"]).Text);

    private static async Task<ResponseEvaluation> Evaluate(string response, params string[] objects) => await Evaluator.EvaluateAsync(
        [new ChatMessage(ChatRole.User, "What is there?")], new ChatResponse(new ChatMessage(ChatRole.Assistant, response)),
        [new ObjectsShownContext(objects)], TestContext.Current.CancellationToken);
}
