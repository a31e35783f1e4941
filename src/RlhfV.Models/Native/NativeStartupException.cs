namespace RlhfV.Models.Native;

/// <summary>
/// The native tensor library cannot be loaded on this machine. The message says what is missing (a package, a file, a version of a
/// system library), what to install, and which folders were searched.
/// </summary>
/// <remarks>Thrown by <see cref="NativeLibraries.EnsureLoaded"/>, which every entry that computes with tensors calls first.</remarks>
public sealed class NativeStartupException : DllNotFoundException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is missing, what to install, where it was looked for.</param>
    /// <param name="inner">The loader's own error, if there is one.</param>
    public NativeStartupException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
