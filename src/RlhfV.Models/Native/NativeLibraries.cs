using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using TorchSharp;

namespace RlhfV.Models.Native;

/// <summary>
/// Brings up the native tensor library. There is nothing to call: it works from the moment a type of this package is first used. (A program
/// that uses TorchSharp itself before that calls <see cref="EnsureLoaded"/> first.) Where TorchSharp's library loads by itself nothing
/// happens at all. On Linux x64 with a libstdc++ older than GCC 13's (Debian 12, Ubuntu 22.04, RHEL 9), where it does not, the runtime
/// asks this class, which loads a repaired copy from the user's cache.
/// </summary>
/// <remarks>The package's own files are never altered. <c>docs/native-start-up.md</c> explains every step and message.</remarks>
public static class NativeLibraries
{
    /// <summary>
    /// Name of the environment variable with the folder of another libtorch, which is loaded at start: the <c>lib</c> folder of a libtorch
    /// or PyTorch installation of the version that TorchSharp was built for. The application must then bring none of its own. Read on
    /// Linux x64; elsewhere reference a package.
    /// </summary>
    public const string LibtorchVariable = "RLHFV_LIBTORCH";

    private const string ShimName = "LibTorchSharp";

    // Two locks. Whoever starts the library here may have to wait for TorchSharp's own initialisation, which another thread is running and
    // which asks Resolve: that must never wait for the starting thread.
    private static readonly Lock Gate = new();
    private static readonly Lock LoadGate = new();
    private static volatile bool _ready;
    private static volatile NativeStartupException? _failure;
    private static nint _handle;

    /// <summary>
    /// Loads the native tensor library now, or says why it cannot be loaded. Costs nothing after the first call. Thread-safe.
    /// </summary>
    /// <exception cref="NativeStartupException">A package, a file or a system library is missing. Further calls throw the same.</exception>
    public static void EnsureLoaded()
    {
        if (_ready)
            return;

        lock (Gate)
        {
            if (_ready)
                return;
            if (_failure is null)
                Start();
            if (_failure is not null)
                throw new NativeStartupException(_failure.Message, _failure);
            _ready = true;
        }
    }

    // A failure here would surface as a TypeInitializationException of whatever type came first: it is kept for EnsureLoaded instead.
#pragma warning disable CA2255 // The rule warns of work at start: this registers an event, no more, unless the user named a libtorch.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Register()
    {
        if (!IsLinuxX64)
            return;

        // Asked only after the runtime's own search has failed: where that finds a library that loads, nothing of ours runs.
        var own = AssemblyLoadContext.GetLoadContext(typeof(NativeLibraries).Assembly) ?? AssemblyLoadContext.Default;
        own.ResolvingUnmanagedDll += Resolve;
        if (own != AssemblyLoadContext.Default)
            AssemblyLoadContext.Default.ResolvingUnmanagedDll += Resolve;

        if (LibtorchFolder is not null)
        {
            lock (Gate)
                Start();
        }
    }

    private static bool IsLinuxX64 => OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64;

    private static string? LibtorchFolder =>
        Environment.GetEnvironmentVariable(LibtorchVariable) is { Length: > 0 } folder ? Path.GetFullPath(folder) : null;

    private static nint Resolve(Assembly assembly, string name)
    {
        if (name != ShimName || assembly.GetName().Name != "TorchSharp")
            return 0;

        lock (LoadGate)
        {
            if (_failure is not null)
                throw new NativeStartupException(_failure.Message, _failure);
            if (_handle == 0)
                _handle = CreateLoader().Load();
            return _handle;
        }
    }

    private static void Start()
    {
        try
        {
            var torchSharp = typeof(torch).Assembly;
            if (IsLinuxX64)
                CreateLoader().CheckProbedFiles();
            if (IsLinuxX64 && LibtorchFolder is not null)
                CreateLoader().LoadLibtorch();
            else
                NativeLibrary.TryLoad("torch_cpu", torchSharp, null, out _);

            // The same calls that TorchSharp makes, but without its fallback, which copies half a gigabyte before it fails.
            if (!NativeLibrary.TryLoad(ShimName, torchSharp, null, out _) && IsLinuxX64)
                CreateLoader().Load();
            torch.InitializeDeviceType(DeviceType.CPU);
        }
        catch (NativeStartupException e)
        {
            _failure = e;
        }
        catch (TypeInitializationException e) when (IsLinuxX64)
        {
            // All files were found and loaded above: TorchSharp had failed before, and a type that failed stays so.
            _failure = new NativeStartupException(
                "TorchSharp was used before any type of RlhfV.Models and could not load its native library. " +
                "Call NativeLibraries.EnsureLoaded() as the first thing in the program.", e);
        }
        catch (Exception e) when (e is NotSupportedException or DllNotFoundException or TypeInitializationException)
        {
            _failure = new NativeStartupException(
                $"The native tensor library could not be loaded on {RuntimeInformation.RuntimeIdentifier}. Reference the package " +
                "TorchSharp-cpu, or TorchSharp-cuda-windows for CUDA, in the application project. TorchSharp said: " + e.Message, e);
        }
    }

    private static LinuxLoader CreateLoader() =>
        new(NativeLibraryLocator.ForApplication(), RepairedLibraryCache.ForUser(), LibtorchFolder);
}
