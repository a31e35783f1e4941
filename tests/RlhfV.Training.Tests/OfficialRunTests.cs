using System.Text.Json;
using RlhfV.Goldens;
using RlhfV.Models;
using RlhfV.Preferences;
using RlhfV.Training.Optimization;
using RlhfV.Training.Packing;

namespace RlhfV.Training.Tests;

/// <summary>
/// The training runs of the official code on a tiny Muffin (thunlp/Muffin with Hugging Face's trainer): the same parquet rows, tokens,
/// weights, reference, losses, gradient norms, learning rates and weights after the last step. Limits are those of the data's own readme.
/// </summary>
[Trait("Category", "Golden")]
public sealed class OfficialRunTests : IDisposable
{
    private const double LossLimit = 5e-6, NormLimit = 2e-5, LargestDifference = 2e-4, MeanDifference = 1e-6, MovementLimit = 1e-2;

    // The parts that the official code gives learning rate 0 by name (create_optimizer_and_scheduler).
    private static readonly string[] ZeroRate = ["*beit3*.A*", "*beit3.vision_embed*"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, PairLayout> Runs => new()
    {
        { "script_const", PairLayout.Packed },
        { "script_const", PairLayout.TwoRows },
        { "script_sched", PairLayout.Packed },
        { "script_flat", PairLayout.Packed },
        { "paper_flat", PairLayout.Packed },
        { "paper_flat", PairLayout.TwoRows },
        { "dpo_flat", PairLayout.Packed },
        { "sft_flat", PairLayout.Packed },
    };

    [Theory]
    [MemberData(nameof(Runs))]
    public void Fit_TinyMuffin_RepeatsTheOfficialRun(string name, PairLayout layout)
    {
        using VisionLanguageModel model = Load();
        JsonElement run = GoldenMuffin.ReadJson("training.json").GetProperty("runs").GetProperty(name);
        Dictionary<string, float[]> start = Weights(model);

        TrainingResult result = new PreferenceTrainer().Fit(
            model, Examples(), Options(run.GetProperty("config"), layout), cancellation: TestContext.Current.CancellationToken);

        JsonElement[] steps = [.. run.GetProperty("steps").EnumerateArray()];
        Assert.Equal(steps.Length, result.Curve.Count);
        Assert.All(steps.Zip(result.Curve), pair => CheckStep(pair.First, pair.Second));
        CheckWeights(name, start, Weights(model));
    }

    private static DenseDpoOptions Options(JsonElement config, PairLayout layout)
    {
        bool weighted = config.GetProperty("weighted").GetBoolean();
        DenseDpoOptions options = DenseDpoOptions.Released;
        options.Beta = config.GetProperty("beta").GetDouble();
        options.Gamma = weighted ? config.GetProperty("gamma").GetDouble() : 1;
        options.Normalize = config.GetProperty("avg").GetBoolean();
        options.SupervisedWeight = config.GetProperty("sft").GetDouble();
        options.Schedule = config.GetProperty("sched").GetString() == "cosine" ? LearningRateSchedule.Cosine : LearningRateSchedule.Constant;
        options.WarmupRatio = options.Schedule == LearningRateSchedule.Cosine ? 0.03 : 0;
        options.HeldStill = config.GetProperty("groups").GetBoolean() ? ZeroRate : [];
        options.MaxSteps = config.GetProperty("steps").GetInt64();
        options.LearningRate = GoldenMuffin.ReadJson("training.json").GetProperty("learning_rate").GetDouble();
        options.BatchSize = Pairs;
        options.Layout = layout;

        // The expectations were made with the deterministic evaluation transform and an fp32 reference.
        options.Augmentation = null;
        options.ReferencePrecision = ReferencePrecision.SameAsPolicy;
        return options;
    }

    private static void CheckStep(JsonElement expected, TrainingProgress actual)
    {
        JsonElement metrics = expected.GetProperty("metrics");
        Assert.Equal(expected.GetProperty("loss").GetDouble(), actual.Loss, LossLimit);
        double norm = expected.GetProperty("grad_norm").GetDouble();
        Assert.Equal(norm, actual.GradientNorm, NormLimit * norm);
        Assert.Equal(expected.GetProperty("group_lrs").EnumerateArray().Last().GetDouble(), actual.LearningRate, 1e-12);
        Near("logps_train/chosen", actual.ChosenLogProb);
        Near("logps_train/rejected", actual.RejectedLogProb);
        Near("rewards_train/margins", actual.RewardMargin);
        if (Math.Abs(metrics.GetProperty("rewards_train/margins").GetDouble()) > 1e-4)
        {
            // As long as policy and reference are equal, which reward is larger is rounding.
            Assert.Equal(metrics.GetProperty("rewards_train/accuracies").GetDouble(), actual.RewardAccuracy, 1e-6);
        }

        void Near(string name, double value) => Assert.Equal(metrics.GetProperty(name).GetDouble(), value, 1.5e-4 + 1e-5 * Math.Abs(value));
    }

    private static void CheckWeights(string name, Dictionary<string, float[]> start, Dictionary<string, float[]> actual)
    {
        JsonElement summaries = GoldenMuffin.ReadJson("final_summaries.json").GetProperty("runs").GetProperty(name);
        foreach (JsonProperty tensor in summaries.EnumerateObject())
        {
            double expected = tensor.Value[2].GetDouble();
            double moved = start[tensor.Name].Zip(actual[tensor.Name], (a, b) => Math.Abs((double)b - a)).Sum();
            Assert.True(
                Math.Abs(moved - expected) <= MovementLimit * expected + 1e-12, $"{tensor.Name} moved by {moved}, expected {expected}.");
        }

        if (!GoldenData.Has("rlhfv", "d_train", $"final_{name}.safetensors"))
        {
            return;
        }

        GoldenTensors final = GoldenTensors.LoadGolden("rlhfv", "d_train", $"final_{name}.safetensors");
        foreach ((string tensor, float[] values) in actual)
        {
            float[] expected = final.Contains(tensor) ? final[tensor].ToFloats() : start[tensor];
            double[] differences = [.. expected.Zip(values, (a, b) => Math.Abs((double)b - a))];
            Assert.True(differences.Max() <= LargestDifference, $"{tensor} differs by up to {differences.Max()}.");
            Assert.True(differences.Average() <= MeanDifference, $"{tensor} differs by {differences.Average()} on average.");
        }
    }

    private static int Pairs => GoldenMuffin.Profile.GetProperty("pairs").GetInt32();

    private static PreferenceExample[] Examples() => [.. PreferenceFile.Read(GoldenData.Path("rlhfv", "g_data", "rlhf-v.parquet")).Take(Pairs)];

    private static Dictionary<string, float[]> Weights(VisionLanguageModel model) =>
        model.Network.named_parameters().ToDictionary(p => p.name, p => p.parameter.detach().data<float>().ToArray());

    private VisionLanguageModel Load()
    {
        Assert.SkipUnless(GoldenMuffin.Present, "rlhfv/d_train is not in this root.");
        TorchSharp.torch.set_num_threads(1);
        string folder = Directory.CreateDirectory(_folder.File("muffin")).FullName;
        GoldenMuffin.CopyTo(folder);
        return VisionLanguageModel.Load(folder);
    }
}
