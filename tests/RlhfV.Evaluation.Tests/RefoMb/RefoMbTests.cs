using System.Globalization;
using System.Text.Json;

namespace RlhfV.Evaluation.Tests;

[Trait("Category", "Golden")]
public sealed class RefoMbTests
{
    private static readonly JsonElement Golden = GoldenJson.Read("refomb", "golden.json");

    [Fact]
    public void Read_StoredReplies_Agree()
    {
        foreach (JsonElement stored in Golden.GetProperty("parsing").EnumerateArray())
        {
            Assert.Equal(
                stored.TryGetProperty("score", out JsonElement score) ? (RefoMbVerdict)score.GetInt32() : null,
                Evaluation.RefoMb.Read(stored.Text("reply")));
        }
    }

    [Fact]
    public void Score_StoredVerdicts_Agree()
    {
        foreach (JsonElement stored in Golden.GetProperty("summaries").EnumerateArray())
        {
            RefoMbResult result = Evaluation.RefoMb.Score(
                [.. stored.GetProperty("items").EnumerateArray()
                    .Select(i => new RefoMbJudgement(i.Text("type_name"), (RefoMbVerdict)i.GetProperty("score").GetInt32()))],
                new() { Resamples = 100 });
            Assert.Equal(stored.GetProperty("score").GetDouble(), result.Score.Value, 1e-12);
            Assert.Equal(stored.Text("printed"), string.Create(CultureInfo.InvariantCulture, $"Score is {result.Score.Value:F3}"));
            Assert.Equal(stored.GetProperty("score_from_counts").GetDouble(), result.Counts.Score, 1e-12);
            Assert.Equal(
                (stored.GetProperty("win").GetInt32(), stored.GetProperty("loss").GetInt32(), stored.GetProperty("tie").GetInt32()),
                (result.Counts.Wins, result.Counts.Losses, result.Counts.Ties));
            Assert.Superset(
                result.ByType.Keys.ToHashSet(),
                stored.GetProperty("win_loss_tie_by_type").EnumerateObject().Select(type => type.Name).ToHashSet());
            foreach (JsonProperty type in stored.GetProperty("win_loss_tie_by_type").EnumerateObject())
            {
                Assert.Equal(type.Value.GetString(), $"{result.ByType.GetValueOrDefault(type.Name)}");
            }
        }
    }

    [Fact]
    public async Task ScoreAsync_ReplyWithoutVerdict_IsAskedAgainThenLeftOut()
    {
        using var client = StubChatClient.Saying((prompt, call) => prompt == "b" ? "[B]" : call == 1 ? "hm" : "So [[B]] wins over [[A]]");
        RefoMbResult result = (await Evaluation.RefoMb.ScoreAsync(
            [new("1", "OCR", "a"), new("2", "OCR", "b")], new Judge(client, new() { MaxAttempts = 2 }),
            cancellationToken: TestContext.Current.CancellationToken))[0];
        Assert.Equal(new(1, 0, 0), result.Counts);
        Assert.Equal("2", Assert.Single(result.Diagnostics).Item);
    }

    [Fact]
    public void Score_NoVerdict_SaysThatThereIsNoScore() =>
        Assert.Equal(DiagnosticCode.FigureAbsent, Assert.Single(Evaluation.RefoMb.Score([]).Diagnostics).Code);

}
