using System.Runtime.InteropServices;

namespace RlhfV.Models.Native;

/// <summary>
/// Loads libtorch and TorchSharp's native library on Linux x64, the latter as a repaired copy where the system's libstdc++ is too old for
/// it. Libraries that are in memory are found by name afterwards, which is how TorchSharp then comes to use them.
/// </summary>
internal sealed class LinuxLoader(NativeLibraryLocator locator, RepairedLibraryCache? cache, string? libtorchFolder)
{
    /// <summary>The file that TorchSharp's imports name.</summary>
    public const string ShimFile = "libLibTorchSharp.so";

    // Each depends on those before it. The CUDA parts are there in CUDA builds only.
    private static readonly (string File, bool Required)[] Libtorch =
        [("libc10.so", true), ("libtorch_cpu.so", true), ("libc10_cuda.so", false), ("libtorch_cuda.so", false), ("libtorch.so", true)];

    /// <summary>Loads everything and returns the handle of TorchSharp's library.</summary>
    /// <exception cref="NativeStartupException">Something is missing.</exception>
    public nint Load()
    {
        LoadLibtorch();
        string shim = locator.Find(ShimFile)
            ?? throw new NativeStartupException(
                $"{ShimFile} of the TorchSharp package was not found. Reference the package TorchSharp in the application project " +
                $"and publish for linux-x64. {SearchedFolders()}");
        Check(shim);
        return TryLoad(shim, out nint handle) is { } error ? LoadRepaired(shim, error) : handle;
    }

    /// <summary>Checks the files that the runtime would load by itself, and of which it would not survive a truncated one.</summary>
    /// <exception cref="NativeStartupException">A file is damaged.</exception>
    public void CheckProbedFiles()
    {
        foreach (string file in Libtorch.Select(l => l.File).Append(ShimFile))
        {
            if (locator.FindProbed(file) is { } path)
                Check(path);
        }
    }

    /// <summary>
    /// Loads libtorch alone: from the folder that the user named, else from the application, else what the system's loader finds.
    /// </summary>
    /// <exception cref="NativeStartupException">It is absent, incomplete, or cannot be loaded.</exception>
    public void LoadLibtorch()
    {
        if (libtorchFolder is not null)
            CheckOverride(libtorchFolder);

        string? folder = libtorchFolder ?? Path.GetDirectoryName(locator.Find("libtorch_cpu.so"));
        if (folder is null)
        {
            // In memory already, or on the path of the system's loader.
            if (NativeLibrary.TryLoad("libtorch_cpu.so", out _))
                return;
            throw new NativeStartupException(
                "No libtorch was found: this application uses tensors and has no native tensor library. Reference one of the packages " +
                "TorchSharp-cpu, libtorch-cpu-linux-x64 or TorchSharp-cuda-linux in the application project, or set " +
                $"{NativeLibraries.LibtorchVariable} to the lib folder of a libtorch or PyTorch installation. {SearchedFolders()}");
        }

        foreach (var (file, required) in Libtorch)
        {
            string path = Path.Combine(folder, file);
            if (!File.Exists(path))
            {
                if (!required)
                    continue;
                throw new NativeStartupException(
                    $"'{path}' does not exist: the libtorch in '{folder}' is incomplete. " + (libtorchFolder is null
                        ? "Restore and publish the application again."
                        : $"{NativeLibraries.LibtorchVariable} must name the lib folder of a libtorch or PyTorch installation."));
            }

            Check(path);
            if (TryLoad(path, out _) is { } error)
                throw new NativeStartupException(
                    $"'{path}' could not be loaded: {error.Message} Install the libraries it names, or another libtorch build.", error);
        }
    }

    // TorchSharp loads what the runtime finds in the application's folders, also beside a libtorch that is in memory; two of them register
    // every operator twice, which ends the process.
    private void CheckOverride(string folder)
    {
        if (!Directory.Exists(folder))
            throw new NativeStartupException(
                $"{NativeLibraries.LibtorchVariable} is '{folder}', which is not a folder. " +
                "It must name the lib folder of a libtorch or PyTorch installation.");

        foreach (var (file, _) in Libtorch)
        {
            if (locator.FindProbed(file) is { } own && own != Path.Combine(folder, file))
                throw new NativeStartupException(
                    $"{NativeLibraries.LibtorchVariable} is '{folder}', but the application brings a libtorch of its own, " +
                    $"'{own}', and one process holds one. Remove the libtorch package from the application project and rebuild, " +
                    "delete that file, or unset the variable.");
        }
    }

    private nint LoadRepaired(string shim, Exception error)
    {
        byte[] original = Read(shim);
        byte[] repaired;
        IReadOnlyList<string> missing, stillMissing;
        try
        {
            var loaded = SystemLibraryVersions.Loaded();
            missing = SystemLibraryVersions.Unmet(ElfImage.Parse(original, shim), loaded);
            repaired = LibstdcxxRepair.Apply(original, shim);
            stillMissing = SystemLibraryVersions.Unmet(ElfImage.Parse(repaired, shim), loaded);
        }
        catch (InvalidDataException unknown)
        {
            throw new NativeStartupException(
                $"'{shim}' could not be loaded ({error.Message}) and cannot be repaired: {unknown.Message} " +
                "Restore the TorchSharp package again.", unknown);
        }

        if (stillMissing.Count > 0)
            throw new NativeStartupException(
                $"'{shim}' needs {string.Join(", ", stillMissing)}, which this system does not have. {Advice(stillMissing)} " +
                $"The loader said: {error.Message}", error);
        if (missing.Count == 0 || repaired.AsSpan().SequenceEqual(original))
            throw new NativeStartupException(
                $"'{shim}' could not be loaded, although the system has every library version that it asks for: {error.Message}", error);

        return LoadCopy(original, repaired, shim);
    }

    private nint LoadCopy(byte[] original, byte[] repaired, string shim)
    {
        var errors = new List<Exception>();
        if (cache is not null)
        {
            try
            {
                string copy = cache.Store(original, repaired, ShimFile);
                if (TryLoad(copy, out nint handle) is not { } error)
                    return handle;
                errors.Add(error);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                errors.Add(e);
            }
        }

        // No cache to write to, or one from which nothing may be executed: a folder that only this user can enter, gone once it is loaded.
        string? temporary = null;
        try
        {
            temporary = Directory.CreateTempSubdirectory("rlhfv-native-").FullName;
            string copy = Path.Combine(temporary, ShimFile);
            File.WriteAllBytes(copy, repaired);
            if (TryLoad(copy, out nint handle) is not { } error)
                return handle;
            errors.Add(error);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            errors.Add(e);
        }
        finally
        {
            if (temporary is not null)
                Directory.Delete(temporary, recursive: true);
        }

        throw new NativeStartupException(
            $"'{shim}' needs a newer libstdc++ than this system has, and no repaired copy could be stored and loaded: " +
            $"{string.Join(" ", errors.Select(e => e.Message))} Set XDG_CACHE_HOME to a folder that can be written and executed from.",
            new AggregateException(errors));
    }

    private static void Check(string path)
    {
        try
        {
            SharedObjectFile.Check(path);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new NativeStartupException(
                $"The native library '{path}' cannot be used: {e.Message} Restore and publish the application again.", e);
        }
    }

    private static byte[] Read(string shim)
    {
        try
        {
            return File.ReadAllBytes(shim);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NativeStartupException($"The native library '{shim}' could not be read: {e.Message}", e);
        }
    }

    private static string Advice(IReadOnlyList<string> missing) =>
        missing.Contains("libc.so.6")
            ? "TorchSharp runs on distributions with glibc only, not on musl (Alpine)."
            : missing.Any(m => m.StartsWith("GLIBC_", StringComparison.Ordinal))
                ? "It needs glibc 2.34 or newer: Debian 12, Ubuntu 22.04, RHEL 9 or a later release."
                : "Install the packages that hold these libraries (libstdc++6 and libgcc-s1 on Debian and Ubuntu, " +
                    "libstdc++ and libgcc on RHEL and Fedora).";

    private static Exception? TryLoad(string path, out nint handle)
    {
        try
        {
            handle = NativeLibrary.Load(path);
            return null;
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            handle = 0;
            return e;
        }
    }

    private string SearchedFolders() => $"Searched: {string.Join(", ", locator.Folders)}.";
}
