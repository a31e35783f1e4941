using System.Runtime.InteropServices;
using System.Security.Cryptography;
using RlhfV.Models.Architectures.Llava;
using RlhfV.Training;
using RlhfV.Training.Loop;
using RlhfV.Training.Pictures;
using RlhfV.Training.Tests;
using RlhfV.Training.Tests.Planning;
using static TorchSharp.torch;

// The runtime calls this class, which must have this name and no namespace, before Main of any program that is started with
// DOTNET_STARTUP_HOOKS naming this assembly: so the test program can be its own victim.
internal static class StartupHook
{
    /// <summary>Names the run's folder.</summary>
    public const string Folder = "RLHFV_TEST_RUN";

    /// <summary>Milliseconds to wait after each step.</summary>
    public const string StepPause = "RLHFV_TEST_STEP_PAUSE";

    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(Folder) is { } folder)
        {
            Console.WriteLine(Train(folder, int.Parse(Environment.GetEnvironmentVariable(StepPause)!)));
            Environment.Exit(0);
        }

        if (Environment.GetEnvironmentVariable(PeakMemory.Scenario) is { } scenario)
        {
            Console.WriteLine(PeakMemory.Measure(scenario));
            Environment.Exit(0);
        }
    }

    private static string Train(string folder, int pause)
    {
        using LlavaNetwork network = TinyNetworks.Llava(1);
        using var scope = NewDisposeScope();
        using var pictures = new PictureStore(network, towerFrozen: false);
        var options = new DenseDpoOptions { BatchSize = 2, MaxSteps = 16, LearningRate = 1e-3, CheckpointSteps = 3, RunFolder = folder };
        var task = new PreferenceTask(network, CPU, [.. Enumerable.Range(0, 5).Select(i => TinyNetworks.Pair(i))], pictures, options);
        new TrainingLoop(network, task, options, TimeProvider.System).Run(new Pause(pause), CancellationToken.None);
        return Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes<float>(TinyNetworks.Weights(network))));
    }

    private sealed class Pause(int milliseconds) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => Thread.Sleep(milliseconds);
    }
}
