using RlhfV.Models.Native;
using TorchSharp;

// A process can bring up the native library only once, so every case needs one of its own. The runtime calls this class, which must have
// this name and no namespace, before Main of any program that is started with DOTNET_STARTUP_HOOKS naming this assembly.
internal static class StartupHook
{
    /// <summary>Names what the process is to do: "ensure", "torch" or "both", the latter on two threads at the same moment.</summary>
    public const string Variable = "RLHFV_TEST_START";

    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { } action)
            return;
        Console.WriteLine(Run(action));
        Environment.Exit(0);
    }

    private static string Run(string action)
    {
        try
        {
            if (action == "both")
                StartTwice();
            else if (action == "ensure")
                NativeLibraries.EnsureLoaded();
            else
                System.Runtime.CompilerServices.RuntimeHelpers.RunModuleConstructor(typeof(NativeLibraries).Module.ModuleHandle);
            return $"sum {torch.ones(3, 4).mm(torch.ones(4, 2)).sum().item<float>()}";
        }
        catch (Exception e) // Whatever it is goes to the test, which knows what it expects.
        {
            return $"{e.GetType().Name}: {e.Message}";
        }
    }

    private static void StartTwice()
    {
        using var together = new Barrier(2);
        var other = new Thread(() =>
        {
            together.SignalAndWait();
            NativeLibraries.EnsureLoaded();
        });
        System.Runtime.CompilerServices.RuntimeHelpers.RunModuleConstructor(typeof(NativeLibraries).Module.ModuleHandle);
        other.Start();
        together.SignalAndWait();
        torch.zeros(1).Dispose();
        other.Join();
    }
}
