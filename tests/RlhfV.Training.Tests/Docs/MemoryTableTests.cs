using System.Globalization;
using RlhfV.Models;
using RlhfV.Models.Architectures.Idefics3;
using RlhfV.Models.Architectures.Llava;
using RlhfV.Models.Architectures.Muffin;
using RlhfV.Training.Planning;
using static TorchSharp.torch;

namespace RlhfV.Training.Tests.Docs;

/// <summary>The memory table of docs/training.md is what <see cref="TrainingPlan"/> says.</summary>
public class MemoryTableTests
{
    [Fact]
    public void Page_MemoryTable_HoldsTheEstimates()
    {
        RlhfV.Models.Native.NativeLibraries.EnsureLoaded();
        string[] expected =
        [
            Line("SmolVLM-256M", () => new Idefics3Network(Idefics3Config.SmolVlm256M), imageTokens: 1088, towerTokens: 17 * 1024),
            Line("SmolVLM-500M", () => new Idefics3Network(Idefics3Config.SmolVlm500M), imageTokens: 1088, towerTokens: 17 * 1024),
            Line("SmolVLM-2.2B", () => new Idefics3Network(Idefics3Config.SmolVlmInstruct), imageTokens: 1377, towerTokens: 17 * 729),
            Line("LLaVA-1.5-7B", () => new LlavaNetwork(LlavaConfig.V15With7B), imageTokens: 576, towerTokens: 577),
            Line("LLaVA-1.5-13B", () => new LlavaNetwork(LlavaConfig.V15With13B), imageTokens: 576, towerTokens: 577),
            Line("RLHF-V-13B", () => new MuffinNetwork(MuffinConfig.RlhfV13B), imageTokens: 66, towerTokens: 785 + 64),
        ];
        string page = File.ReadAllText(RepositoryFolder.Path("docs", "training.md"));

        string missing = string.Join('\n', expected.Where(line => !page.Contains(line, StringComparison.Ordinal)));
        Assert.True(missing.Length == 0, $"docs/training.md lacks\n{missing}");
    }

    private static string Line(string name, Func<VisionLanguageNetwork> make, int imageTokens, int towerTokens)
    {
        NetworkShape shape;
        using (VisionLanguageNetwork network = make())
        {
            shape = NetworkShape.Of(network);
        }

        var workload = TrainingWorkload.OfPairs(pairs: 1400, imageTokens, promptTokens: 60, answerTokens: 90, towerTokens);
        string[] cells =
        [
            Gibibytes(ScalarType.Float32, new()),
            Gibibytes(ScalarType.BFloat16, new()),
            Gibibytes(ScalarType.BFloat16, new() { FrozenParts = [NetworkPart.VisionTower], Recompute = true }),
            Gibibytes(ScalarType.BFloat16, new() { Lora = new() { Rank = 64 }, Recompute = true }),
        ];
        return $"| {name} | {(shape.Count / 1e9).ToString("0.00", CultureInfo.InvariantCulture)} | {string.Join(" | ", cells)} |";

        string Gibibytes(ScalarType type, DenseDpoOptions options)
        {
            (options.MicroBatchTokens, options.RunFolder) = (1, "runs/plan");
            double bytes = TrainingPlan.Make(shape, options, workload, type).Memory.Total;
            return (bytes / (1 << 30)).ToString("0.0", CultureInfo.InvariantCulture);
        }
    }
}
