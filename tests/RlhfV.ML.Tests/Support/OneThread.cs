using System.Runtime.CompilerServices;
using RlhfV.Models.Native;
using TorchSharp;

namespace RlhfV.ML.Tests;

/// <summary>The models here are so small that a second thread only waits.</summary>
internal static class OneThread
{
#pragma warning disable CA2255 // A test assembly is an application.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Set()
    {
        NativeLibraries.EnsureLoaded();
        torch.set_num_threads(1);
    }
}
