using System.Diagnostics;
using System.Globalization;
using RlhfV.Models;
using RlhfV.Models.Architectures.Llava;
using RlhfV.Training.Planning;
using static TorchSharp.torch;

namespace RlhfV.Training.Tests.Planning;

public sealed class TrainingPlanTests : IDisposable
{
    private const double Factor = 1.5;
    private static readonly TrainingWorkload Workload = TrainingWorkload.OfPairs(pairs: 100, imageTokens: 4, promptTokens: 20, answerTokens: 30);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("all")]
    [InlineData("frozen tower")]
    [InlineData("recomputed")]
    [InlineData("low-rank")]
    public async Task Make_Memory_IsWithinTheStatedFactorOfTheMeasuredPeak(string scenario)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The peak of a process is reset and read through /proc, which only Linux has.");
        using Process process = Process.Start(new ProcessStartInfo
        {
            FileName = Environment.ProcessPath!,
            RedirectStandardOutput = true,
            Environment = { ["DOTNET_STARTUP_HOOKS"] = typeof(StartupHook).Assembly.Location, [PeakMemory.Scenario] = scenario },
        })!;

        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        double[] bytes = [.. output.Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture))];

        TestContext.Current.TestOutputHelper!.WriteLine($"{scenario}: estimated {bytes[0] / 1e6:F0} MB, measured {bytes[1] / 1e6:F0} MB");
        Assert.InRange(bytes[0] / bytes[1], 1 / Factor, Factor);
    }

    [Fact]
    public void Make_PublishedSize_CountsParametersAndAdamsSixteenBytesEach()
    {
        using var network = new LlavaNetwork(LlavaConfig.V15With13B);

        TrainingPlan plan = TrainingPlan.Make(
            NetworkShape.Of(network), new DenseDpoOptions { MicroBatchTokens = 1 }, TrainingWorkload.OfPairs(1400, 576, 60, 90));

        Assert.Equal(13_351_494_656, plan.Parameters);
        Assert.Equal(plan.Parameters, plan.TrainedParameters);
        Assert.Equal(16 * plan.Parameters, plan.Memory.Weights + plan.Memory.Gradients + plan.Memory.OptimizerStates);
        Assert.Equal((44, 308), (plan.StepsPerEpoch, plan.Steps));
        Assert.Null(plan.Duration);
    }

    [Fact]
    public void Make_Choices_SaveWhatTheySay()
    {
        using LlavaNetwork network = TinyNetworks.Llava(1);
        NetworkShape shape = NetworkShape.Of(network);
        TrainingMemory plain = Memory(new DenseDpoOptions());

        TrainingMemory lora = Memory(new DenseDpoOptions { Lora = new() { Rank = 2 } });
        TrainingMemory frozen = Memory(new DenseDpoOptions { FrozenParts = [NetworkPart.VisionTower] });
        TrainingMemory recomputed = Memory(new DenseDpoOptions { Recompute = true });
        TrainingMemory narrow = TrainingPlan.Make(shape, new DenseDpoOptions(), Workload, ScalarType.BFloat16).Memory;
        TrainingMemory best = Memory(new DenseDpoOptions { ValidationShare = 0.1 });

        Assert.True(lora.OptimizerStates < plain.OptimizerStates / 4);
        Assert.True(frozen.Gradients < plain.Gradients && frozen.PictureFeatures > 0 && plain.PictureFeatures == 0);
        Assert.True(recomputed.Activations < plain.Activations);
        Assert.Equal((plain.Weights / 2, plain.Gradients / 2, plain.OptimizerStates * 3 / 2), (narrow.Weights, narrow.Gradients, narrow.OptimizerStates));
        Assert.Equal(plain.Gradients, best.BestWeights);

        TrainingMemory Memory(DenseDpoOptions options) => TrainingPlan.Make(shape, options, Workload).Memory;
    }

    [Theory]
    [InlineData(ScalarType.Float32, 2)]
    [InlineData(ScalarType.BFloat16, 0)]
    public void Make_ReleasedReference_CountsItsCopyAndItsRows(ScalarType type, int bytesPerParameter)
    {
        using LlavaNetwork network = TinyNetworks.Llava(1);
        NetworkShape shape = NetworkShape.Of(network);
        var options = new DenseDpoOptions { ReferencePrecision = ReferencePrecision.Released, Lora = new() { Rank = 1 }, MicroBatchTokens = 1, BatchSize = 1 };

        TrainingPlan plan = TrainingPlan.Make(shape, options, Workload, type);
        options.ReferencePrecision = ReferencePrecision.SameAsPolicy;
        TrainingPlan plain = TrainingPlan.Make(shape, options, Workload, type);

        Assert.Equal((bytesPerParameter * plan.Parameters, 0), (plan.Memory.ReferenceCopy, plain.Memory.ReferenceCopy));
        Assert.True(plan.Memory.Total >= plan.Memory.Weights + plan.Memory.ReferenceCopy);
        Assert.InRange(plan.Memory.Total, plain.Memory.Total, plain.Memory.Total + plan.Memory.ReferenceCopy);
        Assert.True(plan.Operations > plain.Operations);
        Assert.Equal(bytesPerParameter > 0, plan.ToString().Contains("bf16 copy", StringComparison.Ordinal));
    }

    [Fact]
    public void Make_SpeedKnown_TellsTimeInProportion()
    {
        using LlavaNetwork network = TinyNetworks.Llava(1);
        NetworkShape shape = NetworkShape.Of(network);

        TrainingPlan slow = TrainingPlan.Make(shape, new DenseDpoOptions(), Workload, operationsPerSecond: 1e9);
        TrainingPlan twice = TrainingPlan.Make(shape, new DenseDpoOptions { Epochs = 14 }, Workload, operationsPerSecond: 2e9);

        Assert.Equal(slow.Operations / 1e9 * 1.5, slow.Duration!.Value.TotalSeconds, 1e-3 * slow.Duration.Value.TotalSeconds);
        Assert.InRange(twice.Duration!.Value / slow.Duration.Value, 0.9, 1.0);   // the reference is computed once
        Assert.Contains("28 steps", slow.ToString(), StringComparison.Ordinal);
        Assert.Contains("GiB", slow.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Make_ImpossibleSpeedTypeOrWorkload_IsRefusedByName()
    {
        using LlavaNetwork network = TinyNetworks.Llava(1);
        NetworkShape shape = NetworkShape.Of(network);
        var options = new DenseDpoOptions();

        Assert.All([0, -1, double.NaN, double.PositiveInfinity], speed => Assert.Equal(
            "operationsPerSecond",
            Assert.Throws<ArgumentOutOfRangeException>(() => TrainingPlan.Make(shape, options, Workload, operationsPerSecond: speed)).ParamName));
        Assert.Equal("type", Assert.Throws<ArgumentException>(() => TrainingPlan.Make(shape, options, Workload, ScalarType.Int8)).ParamName);
        Assert.Equal(
            "workload", Assert.Throws<ArgumentException>(() => TrainingPlan.Make(shape, options, Workload with { Examples = 0 })).ParamName);
        Assert.Equal(TimeSpan.MaxValue, TrainingPlan.Make(shape, options, Workload, operationsPerSecond: 1e-9).Duration);
    }

    [Fact]
    public void Read_ConfigAlone_IsEnoughToPlanAndToRefuse()
    {
        File.Copy(Path.Combine(TinyModel.Folder, "config.json"), _folder.File("config.json"));

        NetworkShape shape = NetworkShape.Read(_folder.File(""));
        var error = Assert.Throws<ArgumentException>(() => TrainingPlan.Make(
            shape,
            new DenseDpoOptions { MaxTokens = 1_000_000, HeldStill = ["no.such.*"] },
            Workload));
        var lora = Assert.Throws<ArgumentException>(
            () => TrainingPlan.Make(shape, new DenseDpoOptions { Lora = new() { Targets = ["wrong_proj"] } }, Workload));

        using VisionLanguageModel model = VisionLanguageModel.Load(TinyModel.Folder);
        Assert.Equal(
            NetworkShape.Of(model.Network).Parameters.Select(p => (p.Name, p.Part, p.Count, p.IsLinear)),
            shape.Parameters.Select(p => (p.Name, p.Part, p.Count, p.IsLinear)));
        Assert.All(["MaxTokens", "no.such.*"], part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
        Assert.Contains("wrong_proj", lora.Message, StringComparison.Ordinal);
        Assert.Contains("q_proj", lora.Message, StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => NetworkShape.Read(Path.GetTempPath()));
    }

    [Fact]
    public void Fit_TellsThePlanBeforeTheFirstStepAndKeepsIt()
    {
        using VisionLanguageModel model = VisionLanguageModel.Load(TinyModel.Folder);
        var plans = new List<TrainingPlan>();
        var order = new List<string>();
        var trainer = new PreferenceTrainer { Planned = new Listener<TrainingPlan>(plan => { plans.Add(plan); order.Add("plan"); }) };
        var options = new DenseDpoOptions { MaxSteps = 2, BatchSize = 1, RunFolder = _folder.File("run") };

        TrainingResult result = trainer.Fit(
            model, [TinyModel.Example("a dog", "a cat"), TinyModel.Example("two cups", "one cup", "b.png")], options,
            new Listener<TrainingProgress>(_ => order.Add("step")), TestContext.Current.CancellationToken);

        Assert.Equal(["plan", "step", "step"], order);
        TrainingPlan plan = Assert.Single(plans);
        Assert.Equal(plan, result.Plan);
        Assert.Equal((2, 2L, 2L), (plan.Examples, plan.Steps, plan.StepsPerEpoch));
        Assert.True(plan.Duration > TimeSpan.Zero);
        Assert.Equal(model.Network.parameters().Sum(p => p.numel()), plan.Parameters);
        Assert.Contains("\"trainedParameters\"", File.ReadAllText(_folder.File("run", "plan.json")), StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_OptionsThatTheNetworkCannotServe_AreRefusedBeforeAnyExampleIsRead()
    {
        using VisionLanguageModel model = VisionLanguageModel.Load(TinyModel.Folder);

        var error = Assert.Throws<ArgumentException>(() => new PreferenceTrainer().Fit(
            model, [TinyModel.Example("a", "b", "no such picture.png")], new DenseDpoOptions { HeldStill = ["*"] },
            cancellation: TestContext.Current.CancellationToken));

        Assert.Contains("nothing that learns", error.Message, StringComparison.Ordinal);
    }

    private sealed class Listener<T>(Action<T> told) : IProgress<T>
    {
        public void Report(T value) => told(value);
    }
}
