using System.Text.Json;
using RlhfV.Models;
using RlhfV.Models.Architectures.Llava;
using RlhfV.Training.Examples;
using RlhfV.Training.Loop;
using RlhfV.Training.Optimization;
using RlhfV.Training.Pictures;
using static TorchSharp.torch;

namespace RlhfV.Training.Tests.Runs;

/// <summary>A stopped and continued run against one that never stopped, and what a run leaves on disk.</summary>
public sealed class RunFolderTests : IDisposable
{
    private static readonly EncodedPair[] Pairs = [.. Enumerable.Range(0, 6).Select(i => TinyNetworks.Pair(i, chosen: 4 + i))];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    public void Run_StoppedAndContinued_EqualsARunThatNeverStopped(int stopAfter)
    {
        (TrainingResult whole, float[] expected) = Run(Options(null));

        Assert.Throws<OperationCanceledException>(() => Run(Options(_folder.File("run")), stopAfter));
        (TrainingResult continued, float[] actual) = Run(Options(_folder.File("run")));

        Assert.Equal(expected, actual);
        Assert.Equal(whole.Curve.Select(Numbers), continued.Curve.Select(Numbers));
        Assert.Equal(whole.BestStep, continued.BestStep);
    }

    [Fact]
    public void Run_ProcessDiedBetweenCheckpoints_ContinuesFromTheLastOne()
    {
        (_, float[] expected) = Run(Options(null));
        DenseDpoOptions options = Options(_folder.File("run"));
        options.CheckpointSteps = 2;
        Assert.Throws<InvalidTimeZoneException>(() => Run(options, failAfter: 5));

        // A half-written checkpoint and a half line, as a killed process leaves them.
        string unfinished = new('0', 32);
        string broken = Directory.CreateDirectory(_folder.File("run", "checkpoints", $"step-00000006.{unfinished}.tmp")).FullName;
        File.WriteAllText(Path.Combine(broken, "mean.safetensors"), "half");
        File.AppendAllText(_folder.File("run", "metrics.jsonl"), "{\"step\":6,\"lo");
        (TrainingResult continued, float[] actual) = Run(options);

        Assert.Equal(expected, actual);
        Assert.Equal(Enumerable.Range(1, 8).Select(i => (long)i), continued.Curve.Select(p => p.Step));
        Assert.False(Directory.Exists(broken));
    }

    [Fact]
    public void Run_ProcessDiedWhileWriting_RemovesWhatItLeftAndNothingElse()
    {
        DenseDpoOptions options = Options(_folder.File("run"));
        Assert.Throws<InvalidTimeZoneException>(() => Run(options, failAfter: 5));
        string digits = Guid.NewGuid().ToString("N");
        string[] folders = [_folder.File("run", $"model.{digits}.tmp"), _folder.File("run", $"model.{digits}.old")];
        string[] files =
        [
            _folder.File("run", $".best-00000004.safetensors.{digits}.tmp"),
            _folder.File("run", $"metrics.jsonl.{digits}.tmp"),
            _folder.File("run", "features", $".picture.safetensors.{digits}.tmp"),
        ];
        string[] mine = [_folder.File("run", "notes.tmp"), _folder.File("run", "mine", "draft.old")];
        foreach (string folder in folders)
        {
            File.WriteAllText(Path.Combine(Directory.CreateDirectory(folder).FullName, "model.safetensors"), "half");
        }

        foreach (string file in (string[])[.. files, .. mine])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, "half");
        }

        Run(options);

        Assert.DoesNotContain(folders, Directory.Exists);
        Assert.DoesNotContain(files, File.Exists);
        Assert.All(mine, file => Assert.True(File.Exists(file)));
    }

    [Fact]
    public void Run_FinishedFolder_GivesTheResultAgainWithoutTraining()
    {
        (_, float[] expected) = Run(Options(_folder.File("run")));

        (TrainingResult again, float[] actual) = Run(Options(_folder.File("run")));

        Assert.Equal(expected, actual);
        Assert.Equal(8, again.Curve.Count);
    }

    [Fact]
    public void Run_Folder_HoldsReadableRecordsAndFewCheckpoints()
    {
        DenseDpoOptions options = Options(_folder.File("run"));
        options.CheckpointSteps = 1;

        Run(options);

        string[] lines = File.ReadAllLines(_folder.File("run", "metrics.jsonl"));
        Assert.Equal(8, lines.Length);
        Assert.All(lines, line => Assert.True(JsonDocument.Parse(line).RootElement.GetProperty("loss").GetDouble() > 0));
        Assert.Equal(
            ["step-00000007", "step-00000008"],
            Directory.GetDirectories(_folder.File("run", "checkpoints")).Select(Path.GetFileName).Order());
        using JsonDocument identity = JsonDocument.Parse(File.ReadAllBytes(_folder.File("run", "run.json")));
        Assert.Equal("DenseDpoOptions", identity.RootElement.GetProperty("kind").GetString());
        Assert.Equal(5, identity.RootElement.GetProperty("options").GetProperty("gamma").GetDouble());
        using JsonDocument environment = JsonDocument.Parse(File.ReadAllBytes(_folder.File("run", "environment.json")));
        Assert.True(environment.RootElement.TryGetProperty("torchSharp", out _));
        Assert.Single(Directory.GetFiles(_folder.File("run"), "reference-*.safetensors"));
        Assert.Single(Directory.GetFiles(_folder.File("run"), "best-*.safetensors"));
        Assert.False(File.Exists(_folder.File("run", "run.lock")));
    }

    [Theory]
    [InlineData("options", "gamma")]
    [InlineData("data", "data")]
    [InlineData("weights", "startingWeights")]
    [InlineData("weights", "load the model again")]
    public void Run_FolderOfAnotherRun_IsRefusedWithTheDifference(string what, string inMessage)
    {
        Run(Options(_folder.File("run")));
        DenseDpoOptions options = Options(_folder.File("run"));
        options.Gamma = what == "options" ? 3 : options.Gamma;

        var error = Assert.Throws<ArgumentException>(() =>
            Run(options, pairs: what == "data" ? Pairs[1..] : Pairs, weights: what == "weights" ? 2 : 1));

        Assert.Contains(inMessage, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_LoraStoppedAndContinued_EqualsARunThatNeverStopped()
    {
        (_, float[] expected) = Run(Lora(null));

        Assert.Throws<OperationCanceledException>(() => Run(Lora(_folder.File("run")), stopAfter: 3));
        (_, float[] actual) = Run(Lora(_folder.File("run")));

        Assert.Equal(expected, actual);
        Assert.True(File.Exists(_folder.File("run", "adapter", "adapter_model.safetensors")));

        static DenseDpoOptions Lora(string? folder)
        {
            DenseDpoOptions options = Options(folder);
            (options.FrozenParts, options.Lora) = ([], new() { Rank = 2, Dropout = 0.2 });
            return options;
        }
    }

    [Fact]
    public void Run_OtherBookkeeping_IsTheSameRun()
    {
        Run(Options(_folder.File("run")));
        DenseDpoOptions options = Options(_folder.File("run"));
        (options.KeptCheckpoints, options.CheckpointSteps) = (1, 3);

        Assert.Equal(8, Run(options).Result.Curve.Count);
    }

    [Fact]
    public void Run_FolderInUse_IsRefused()
    {
        Directory.CreateDirectory(_folder.File("run"));
        using var other = new FileStream(_folder.File("run", "run.lock"), FileMode.Create, FileAccess.ReadWrite, FileShare.None);

        var error = Assert.Throws<IOException>(() => Run(Options(_folder.File("run"))));

        Assert.Contains("in use", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_MetricsLost_SaysSo()
    {
        Run(Options(_folder.File("run")));
        File.WriteAllLines(_folder.File("run", "metrics.jsonl"), File.ReadAllLines(_folder.File("run", "metrics.jsonl"))[..3]);

        var error = Assert.Throws<InvalidDataException>(() => Run(Options(_folder.File("run"))));

        Assert.Contains("after 3 steps", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_ReferenceCached_IsReadAndNotComputed()
    {
        Run(Options(_folder.File("run")));
        string cache = Directory.GetFiles(_folder.File("run"), "reference-*.safetensors").Single();
        foreach (string checkpoint in Directory.GetDirectories(_folder.File("run", "checkpoints")))
        {
            Directory.Delete(checkpoint, recursive: true);
        }

        // With every stored number gone to zero the first loss cannot be ln 2.
        byte[] bytes = File.ReadAllBytes(cache);
        int header = 8 + BitConverter.ToInt32(bytes);
        bytes.AsSpan(header).Clear();
        File.WriteAllBytes(cache, bytes);
        (TrainingResult result, _) = Run(Options(_folder.File("run")));

        Assert.NotEqual(Math.Log(2), result.Curve[0].Loss, 1e-3);
    }

    [Fact]
    public void Run_ReferenceDamaged_IsComputedAgainAndTold()
    {
        (_, float[] expected) = Run(Options(_folder.File("run")));
        string cache = Directory.GetFiles(_folder.File("run"), "reference-*.safetensors").Single();
        byte[] whole = File.ReadAllBytes(cache);
        File.WriteAllBytes(cache, whole[..50]);
        var told = new List<string>();

        (_, float[] actual) = Run(Options(_folder.File("run")), report: told.Add);

        Assert.Equal(expected, actual);
        Assert.Contains(cache, Assert.Single(told), StringComparison.Ordinal);
        Assert.Equal(whole, File.ReadAllBytes(cache));
    }

    [Fact]
    public void Run_NewestCheckpointDamaged_ContinuesFromTheOneBefore()
    {
        (_, float[] expected) = Run(Options(null));
        DenseDpoOptions options = Options(_folder.File("run"));
        options.CheckpointSteps = 2;
        Assert.Throws<InvalidTimeZoneException>(() => Run(options, failAfter: 5));
        string mean = _folder.File("run", "checkpoints", "step-00000004", "mean.safetensors");
        File.WriteAllBytes(mean, File.ReadAllBytes(mean)[..50]);
        var told = new List<string>();

        (TrainingResult continued, float[] actual) = Run(options, report: told.Add);

        Assert.Equal(expected, actual);
        Assert.Equal(Enumerable.Range(1, 8).Select(i => (long)i), continued.Curve.Select(p => p.Step));
        Assert.Contains("step-00000004", Assert.Single(told), StringComparison.Ordinal);
    }

    [Fact]
    public void Run_NoCheckpointReadable_IsRefused()
    {
        Run(Options(_folder.File("run")));
        foreach (string file in Directory.GetFiles(_folder.File("run", "checkpoints"), "variance.*", SearchOption.AllDirectories))
        {
            File.Delete(file);
        }

        var error = Assert.Throws<ModelFormatException>(() => Run(Options(_folder.File("run"))));

        Assert.Contains("none can be read", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, Directory.GetDirectories(_folder.File("run", "checkpoints")).Length);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    public void Run_IdentityDamaged_IsRefusedWithTheFile(string content)
    {
        Run(Options(_folder.File("run")));
        File.WriteAllText(_folder.File("run", "run.json"), content);

        var error = Assert.Throws<ArgumentException>(() => Run(Options(_folder.File("run"))));

        Assert.Contains("run.json", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_FolderIsAFile_IsRefused()
    {
        File.WriteAllText(_folder.File("run"), "a file");

        var error = Assert.Throws<IOException>(() => Run(Options(_folder.File("run"))));

        Assert.Contains("is a file", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_CheckpointCannotBeWritten_LeavesNoHalfOne()
    {
        DenseDpoOptions options = Options(_folder.File("run"));
        options.CheckpointSteps = 4;

        // A file where the finished checkpoint's folder belongs: the last thing that writing it does must fail.
        string target = Path.Combine(Directory.CreateDirectory(_folder.File("run", "checkpoints")).FullName, "step-00000004");
        File.WriteAllText(target, "in the way");

        Assert.ThrowsAny<IOException>(() => Run(options));

        Assert.Equal([target], Directory.GetFileSystemEntries(_folder.File("run", "checkpoints")));
    }

    private static (double, double, double, double, double?) Numbers(TrainingProgress p) =>
        (p.Loss, p.RewardMargin, p.GradientNorm, p.LearningRate, p.ValidationLoss);

    private static DenseDpoOptions Options(string? folder) => new()
    {
        BatchSize = 3,
        Epochs = 4,
        LearningRate = 3e-3,
        WarmupRatio = 0.2,
        Schedule = LearningRateSchedule.Cosine,
        ValidationShare = 0.1,
        Selection = WeightSelection.BestValidation,
        FrozenParts = [NetworkPart.VisionTower],
        Seed = 7,
        RunFolder = folder,
    };

    private static (TrainingResult Result, float[] Weights) Run(
        DenseDpoOptions options, int? stopAfter = null, int? failAfter = null, EncodedPair[]? pairs = null, int weights = 1, Action<string>? report = null)
    {
        using LlavaNetwork network = TinyNetworks.Llava(weights);
        using var scope = NewDisposeScope();
        using var pictures = new PictureStore(network, towerFrozen: true);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        DenseDpoOptions settings = options.Checked();
        var task = new PreferenceTask(network, CPU, pairs ?? Pairs, pictures, settings);
        var loop = new TrainingLoop(network, task, settings, TimeProvider.System, report: report);
        TrainingResult result = loop.Run(new Stopper(stop, stopAfter, failAfter), stop.Token);
        return (result, TinyNetworks.Weights(network));
    }

    private sealed class Stopper(CancellationTokenSource stop, int? after, int? failAfter) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Step == after)
            {
                stop.Cancel();
            }

            if (value.Step == failAfter)
            {
                throw new InvalidTimeZoneException("stands for a process that dies");
            }
        }
    }
}
