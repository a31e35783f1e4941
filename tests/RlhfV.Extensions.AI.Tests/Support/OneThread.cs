using System.Runtime.CompilerServices;
using RlhfV.Models.Native;
using TorchSharp;

namespace RlhfV.Extensions.AI.Tests.Support;

/// <summary>The tiny model gains nothing from a second core, and tests share the cores.</summary>
internal static class OneThread
{
    [ModuleInitializer]
    internal static void Set()
    {
        NativeLibraries.EnsureLoaded();
        torch.set_num_threads(1);
    }
}
