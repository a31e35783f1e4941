using System.Diagnostics;
using RlhfV.Models.Native;

namespace RlhfV.Models.Tests.Native;

/// <summary>Starts fresh processes, see <see cref="StartupHook"/>.</summary>
public sealed class NativeLibrariesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rlhfv-start-test-").FullName;

    public NativeLibrariesTests() =>
        Assert.SkipUnless(NativeFiles.IsLinuxX64 && NativeFiles.Shim is not null, "Needs TorchSharp's Linux x64 library.");

    private string Cache => Path.Combine(_folder, "cache");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task FirstUse_SeveralProcessesAtOnce_AllComputeAndShareOneCopy()
    {
        byte[] before = File.ReadAllBytes(NativeFiles.Shim!);

        string[] said = await Task.WhenAll(Start("ensure"), Start("torch"), Start("ensure"));

        Assert.All(said, s => Assert.Equal("sum 24", s));
        Assert.Equal(before, File.ReadAllBytes(NativeFiles.Shim!));
        // No copy is needed, and none made, where the system library is new enough.
        string[] copies = Directory.Exists(Cache) ? Directory.GetFiles(Cache, "*", SearchOption.AllDirectories) : [];
        Assert.InRange(copies.Length, 0, 1);
        Assert.All(copies, c => Assert.Equal(LibstdcxxRepair.Apply(before, "shim"), File.ReadAllBytes(c)));
    }

    [Fact]
    public async Task FirstUse_OnTwoThreadsAtOnce_NeitherWaitsForTheOther() =>
        Assert.All(await Task.WhenAll(Start("both"), Start("both"), Start("both")), said => Assert.Equal("sum 24", said));

    [Fact]
    public async Task FirstUse_CacheCannotBeWritten_StillComputes()
    {
        File.WriteAllText(Cache, "in the way");

        Assert.Equal("sum 24", await Start("torch"));

        Assert.Equal("in the way", File.ReadAllText(Cache));
    }

    [Fact]
    public async Task EnsureLoaded_NoLibtorch_SaysWhichPackageAndWhereItLooked()
    {
        string said = await Start("ensure", application: ManagedCopy());

        Assert.StartsWith($"{nameof(NativeStartupException)}: No libtorch was found", said, StringComparison.Ordinal);
        Assert.Contains("libtorch-cpu-linux-x64", said, StringComparison.Ordinal);
        Assert.Contains(Path.Combine(_folder, "app"), said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EnsureLoaded_NoTorchSharpLibrary_SaysSo()
    {
        string said = await Start("ensure", application: ManagedCopy(), libtorch: NativeFiles.Folder);

        Assert.StartsWith($"{nameof(NativeStartupException)}: libLibTorchSharp.so", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EnsureLoaded_DamagedTorchSharpLibrary_SaysSo()
    {
        string application = ManagedCopy();
        File.WriteAllBytes(Path.Combine(application, "libLibTorchSharp.so"), File.ReadAllBytes(NativeFiles.Shim!)[..100_000]);

        string said = await Start("ensure", application, libtorch: NativeFiles.Folder);

        Assert.StartsWith($"{nameof(NativeStartupException)}: The native library '{application}/libLibTorchSharp.so' cannot be used", said,
            StringComparison.Ordinal);
        Assert.Contains("ends after 100000 bytes", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EnsureLoaded_ForeignTorchSharpLibrary_SaysSo()
    {
        string application = ManagedCopy();
        File.WriteAllText(Path.Combine(application, "libLibTorchSharp.so"), "MZ, and not ELF at all");

        string said = await Start("ensure", application, libtorch: NativeFiles.Folder);

        Assert.Contains("does not start with an ELF header", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Libtorch_NamedFolder_IsUsed()
    {
        string application = ManagedCopy();
        File.Copy(NativeFiles.Shim!, Path.Combine(application, "libLibTorchSharp.so"));

        Assert.Equal("sum 24", await Start("torch", application, libtorch: NativeFiles.Folder));
    }

    [Fact]
    public async Task Libtorch_FolderAbsent_SaysSo()
    {
        string said = await Start("ensure", libtorch: "/nowhere");

        Assert.StartsWith($"{nameof(NativeStartupException)}: RLHFV_LIBTORCH is '/nowhere', which is not a folder", said,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Libtorch_ApplicationBringsItsOwn_IsRefused()
    {
        string said = await Start("ensure", libtorch: Directory.CreateDirectory(Path.Combine(_folder, "other")).FullName);

        Assert.Contains("the application brings a libtorch of its own", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EnsureLoaded_FromManyThreads_Succeeds()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ =>
            Task.Run(NativeLibraries.EnsureLoaded, TestContext.Current.CancellationToken)));

        using var ones = TorchSharp.torch.ones(2);
        Assert.Equal(2, ones.NumberOfElements);
    }

    // The application without any native library and without the file that lists where they are.
    private string ManagedCopy()
    {
        string folder = Directory.CreateDirectory(Path.Combine(_folder, "app")).FullName;
        foreach (string file in new[] { "*.dll", "*.runtimeconfig.json" }.SelectMany(p => Directory.GetFiles(AppContext.BaseDirectory, p)))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        return folder;
    }

    private async Task<string> Start(string action, string? application = null, string? libtorch = null)
    {
        string assembly = Path.Combine(application ?? AppContext.BaseDirectory, "RlhfV.Models.Tests.dll");
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } path ? path : "dotnet";
        var start = new ProcessStartInfo(host, ["exec", assembly])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["DOTNET_STARTUP_HOOKS"] = assembly,
                [StartupHook.Variable] = action,
                ["XDG_CACHE_HOME"] = Cache,
                ["NUGET_PACKAGES"] = Path.Combine(_folder, "packages"),
                ["LD_LIBRARY_PATH"] = "",
                [NativeLibraries.LibtorchVariable] = libtorch ?? "",
            },
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return $"{await output}{await errors}".Trim();
    }
}
