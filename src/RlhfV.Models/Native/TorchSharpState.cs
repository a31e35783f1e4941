using System.Reflection;
using TorchSharp;

namespace RlhfV.Models.Native;

/// <summary>Tells TorchSharp that libtorch is in memory, for which it has no public member.</summary>
internal static class TorchSharpState
{
    /// <summary>
    /// Keeps TorchSharp from loading the application's libtorch beside the one that was loaded from <paramref name="folder"/>: two of them in
    /// one process register every operator twice and abort it.
    /// </summary>
    /// <exception cref="NativeStartupException">This release of TorchSharp keeps its state elsewhere.</exception>
    public static void MarkLibtorchLoaded(string folder)
    {
        foreach (string name in (string[])["nativeBackendLoaded", "nativeBackendCudaLoaded"])
        {
            var field = typeof(torch).GetField(name, BindingFlags.Static | BindingFlags.NonPublic);
            if (field?.FieldType != typeof(bool))
                throw new NativeStartupException(
                    $"{NativeLibraries.LibtorchVariable} ('{folder}') is not supported with TorchSharp {typeof(torch).Assembly.GetName().Version}. " +
                    "Unset it and reference a libtorch package instead.");
            field.SetValue(null, true);
        }
    }
}
