using System.Runtime.CompilerServices;
using RlhfV.Models.Native;

/// <summary>
/// Compiled into every test program that computes with tensors. A test may well use TorchSharp before any type of RlhfV.Models, which is
/// then not there yet to bring in the native library where the system's libstdc++ is too old for it.
/// </summary>
internal static class NativeStart
{
    [ModuleInitializer]
    internal static void Run() => RuntimeHelpers.RunModuleConstructor(typeof(NativeLibraries).Module.ModuleHandle);
}
