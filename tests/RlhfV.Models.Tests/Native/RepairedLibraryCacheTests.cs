using RlhfV.Models.Native;

namespace RlhfV.Models.Tests.Native;

public sealed class RepairedLibraryCacheTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("rlhfv-cache-test-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Store_Twice_WritesOnce()
    {
        var cache = new RepairedLibraryCache(_root);
        string first = cache.Store([1, 2], [3, 4], "lib.so");
        var written = File.GetLastWriteTimeUtc(first);

        string second = cache.Store([1, 2], [3, 4], "lib.so");

        Assert.Equal(first, second);
        Assert.Equal(written, File.GetLastWriteTimeUtc(second));
        Assert.Equal([3, 4], File.ReadAllBytes(second));
    }

    [Fact]
    public void Store_DamagedCopy_IsReplaced()
    {
        var cache = new RepairedLibraryCache(_root);
        string path = cache.Store([1, 2], [3, 4], "lib.so");
        File.WriteAllBytes(path, [3, 5]);

        cache.Store([1, 2], [3, 4], "lib.so");

        Assert.Equal([3, 4], File.ReadAllBytes(path));
    }

    [Fact]
    public void Store_OtherOriginal_HasItsOwnFolder()
    {
        var cache = new RepairedLibraryCache(_root);

        Assert.NotEqual(cache.Store([1, 2], [3, 4], "lib.so"), cache.Store([1, 3], [3, 4], "lib.so"));
    }

    [Fact]
    public void Store_FromManyThreads_LeavesOneWholeFile()
    {
        byte[] repaired = new byte[1 << 20];
        new Random(3).NextBytes(repaired);

        Parallel.For(0, 16, _ =>
        {
            string path = new RepairedLibraryCache(_root).Store([9], repaired, "lib.so");
            Assert.Equal(repaired, File.ReadAllBytes(path));
        });

        Assert.Single(Directory.GetFiles(_root, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void Store_FolderThatIsAFile_ThrowsIOExceptionAndKeepsIt()
    {
        string blocked = Path.Combine(_root, "blocked");
        File.WriteAllText(blocked, "kept");

        Assert.ThrowsAny<IOException>(() => new RepairedLibraryCache(blocked).Store([1], [2], "lib.so"));

        Assert.Equal("kept", File.ReadAllText(blocked));
    }
}
