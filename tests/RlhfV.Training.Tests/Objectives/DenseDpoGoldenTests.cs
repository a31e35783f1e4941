using System.Text.Json;
using RlhfV.Goldens;
using RlhfV.Training.Objectives;
using RlhfV.Training.Packing;
using TorchSharp;
using static TorchSharp.torch;

namespace RlhfV.Training.Tests.Objectives;

/// <summary>The official trainer's loss arithmetic on random logits: 3 cases, 40 settings each.</summary>
[Trait("Category", "Golden")]
public class DenseDpoGoldenTests
{
    private const double Limit = 2e-6;

    public DenseDpoGoldenTests() => RlhfV.Models.Native.NativeLibraries.EnsureLoaded();

    [Fact]
    public void Loss_OnTheWholeGrid_EqualsTheOfficialTrainers()
    {
        Assert.SkipUnless(GoldenData.Has("rlhfv", "c_ddpo"), "The stored expectations of c_ddpo are not here; set RLHFV_GOLDENS.");
        GoldenTensors inputs = GoldenTensors.LoadGolden("rlhfv", "c_ddpo", "inputs.safetensors");
        GoldenTensors outputs = GoldenTensors.LoadGolden("rlhfv", "c_ddpo", "outputs.safetensors");
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(GoldenData.Path("rlhfv", "c_ddpo", "ddpo.json")));
        JsonElement[] rows = [.. document.RootElement.GetProperty("rows").EnumerateArray()];
        Assert.NotEmpty(rows);

        Assert.All(rows, row => CheckRow(row, inputs, outputs));
    }

    private static void CheckRow(JsonElement row, GoldenTensors inputs, GoldenTensors outputs)
    {
        using var scope = NewDisposeScope();
        string name = row.GetProperty("case").GetString()!;
        string key = row.GetProperty("key").GetString()!;
        bool weighted = row.GetProperty("dpo_token_weighted").GetBoolean();
        var objective = new DenseDpoObjective(
            row.GetProperty("beta").GetDouble(),
            weighted ? row.GetProperty("gamma").GetDouble() : 1,
            row.GetProperty("dpo_use_average").GetBoolean(),
            row.GetProperty("sft_weight").GetDouble());
        Tensor logits = Float(inputs[$"{name}.logits"]).requires_grad_();                     // [2P, T, V]
        Tensor labels = Long(inputs[$"{name}.labels"]);
        (long rowsCount, long tokens) = (labels.shape[0], labels.shape[1] - 1);
        Tensor target = labels.narrow(1, 1, tokens);
        Tensor scored = target.ne(tensor(-100L)).to(ScalarType.Float32);

        // The official reader looks token 0 up where nothing is scored.
        Tensor ids = target.clamp_min(0).flatten();
        Tensor predictors = logits.narrow(1, 0, tokens).flatten(0, 1);
        Tensor logProbs = ResponseLogProbs.Gather(predictors, arange(rowsCount * tokens), ids).view(rowsCount, tokens);
        Near(outputs[$"{name}.per_token_logp"], logProbs, "per_token_logp");
        logProbs.retain_grad();

        Tensor weights = objective.TokenWeights(scored, Float(inputs[$"{name}.changed"]));
        Tensor policy = objective.Score(logProbs, weights);
        Tensor reference = objective.Score(Float(inputs[$"{name}.ref_per_token_logp"]), weights);
        PairTerms terms = objective.Compare(policy, reference);
        terms.Losses.mean().backward();

        long pairs = rowsCount / 2;
        double loss = terms.Losses.mean().item<float>();
        Assert.Equal(row.GetProperty("loss").GetDouble(), loss, Limit * Math.Max(1, Math.Abs(loss)));
        Near(outputs[$"{key}.policy_win_logp"], policy.narrow(0, 0, pairs), "policy_win_logp");
        Near(outputs[$"{key}.policy_rej_logp"], policy.narrow(0, pairs, pairs), "policy_rej_logp");
        Near(outputs[$"{key}.ref_win_logp"], reference.narrow(0, 0, pairs), "ref_win_logp");
        Near(outputs[$"{key}.ref_rej_logp"], reference.narrow(0, pairs, pairs), "ref_rej_logp");
        Near(outputs[$"{key}.chosen_rewards"], terms.ChosenRewards, "chosen_rewards");
        Near(outputs[$"{key}.rejected_rewards"], terms.RejectedRewards, "rejected_rewards");
        Near(outputs[$"{key}.grad_per_token_logp"], logProbs.grad!, "grad_per_token_logp");
        if (outputs.Contains($"{key}.grad_logits"))
        {
            Near(outputs[$"{key}.grad_logits"], logits.grad!, "grad_logits");
        }

        if (row.GetProperty("sft_weight").GetDouble() == 0)
        {
            Near(outputs[$"{key}.losses"], terms.Losses, "losses");
        }

        void Near(GoldenTensor expected, Tensor actual, string what)
        {
            float[] values = actual.detach().contiguous().data<float>().ToArray();
            float[] wanted = expected.ToFloats();
            Assert.Equal(wanted.Length, values.Length);
            for (int i = 0; i < wanted.Length; i++)
            {
                Assert.True(Math.Abs(wanted[i] - values[i]) <= Limit * Math.Max(1, Math.Abs(wanted[i])),
                    $"{key} {what}[{i}]: {values[i]}, not {wanted[i]}");
            }
        }
    }

    private static Tensor Float(GoldenTensor tensor) =>
        tensor.Dtype == "U8" ? from_array(tensor.ToBytes()).to(ScalarType.Float32).view(tensor.Shape)
            : torch.tensor(tensor.ToFloats(), tensor.Shape);

    private static Tensor Long(GoldenTensor tensor) => torch.tensor(tensor.ToLongs(), tensor.Shape);
}
