using RlhfV.Models.Checkpoints;
using RlhfV.Models.Native;
using static System.Buffers.Binary.BinaryPrimitives;
using static TorchSharp.torch;

namespace RlhfV.Models.Tests.Checkpoints;

/// <summary>
/// Damages checkpoints in thousands of ways: they open, or they are refused with an exception of ours, and never take much memory.
/// </summary>
public sealed class CheckpointFuzzTests : IDisposable
{
    private const int Rounds = 3000;

    private static readonly byte[] Nines = "9999999999999999999"u8.ToArray();

    private readonly TemporaryFolder _folder = new();

    // Memory is measured: bringing up the native library reads files of its own.
    public CheckpointFuzzTests() => NativeLibraries.EnsureLoaded();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Safetensors_Damaged_AreReadOrRefused()
    {
        using var scope = NewDisposeScope();
        string path = _folder.At("seed");
        Safetensors.Save(path,
            [new("a.weight", randn(3, 4)), new("b", arange(5)), new("c", ones(2, dtype: ScalarType.BFloat16)), new("none", zeros(0))]);
        byte[] seed = File.ReadAllBytes(path);

        // Most of the file is header already; damage to the values alone could not be noticed.
        Fuzz(seed, seed.Length - 60, "model.safetensors", refusedAtLeast: Rounds / 2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Zip_Damaged_AreReadOrRefused(bool wide)
    {
        byte[] pickle = PickleBuilder.Dictionary(b => b
            .Text("a.weight").Tensor("0", 12, 0, [3, 4], [4, 1])
            .Text("b").Tensor("0", 12, 2, [2, 2], [1, 2])
            .Text("c").Tensor("1", 2, 0, [2], [1], "LongStorage"));
        byte[] seed = ZipBuilder.Build(
            [("x/data.pkl", pickle), ("x/byteorder", "little"u8.ToArray()), ("x/data/0", new byte[48]), ("x/data/1", new byte[16])], wide);

        Fuzz(seed, seed.Length, "pytorch_model.bin", refusedAtLeast: Rounds / 4);
    }

    [Fact]
    public void Pickle_Damaged_IsReadOrRefused()
    {
        byte[] pickle = PickleBuilder.Dictionary(b =>
            b.Text("w").Tensor("0", 12, 0, [3, 4], [4, 1]).Text("v").Tensor("0", 12, 1, [2], [3]));
        var random = new Random(11);
        int refused = 0;
        for (int round = 0; round < Rounds; round++)
        {
            byte[] archive = ZipBuilder.Build([("x/data.pkl", Damage(pickle, pickle.Length, random)), ("x/data/0", new byte[48])]);
            refused += ReadAll(_folder.Write("pytorch_model.bin", archive)) ? 0 : 1;
        }

        Assert.InRange(refused, Rounds / 2, Rounds - 1);
    }

    [Fact]
    public void Index_Damaged_IsReadOrRefused()
    {
        using var scope = NewDisposeScope();
        CheckpointWriter.Save(_folder.Root, [new("a.weight", randn(3, 4)), new("b", randn(5)), new("c", ones(2))], maxShardBytes: 20);
        byte[] seed = File.ReadAllBytes(_folder.At("model.safetensors.index.json"));

        Fuzz(seed, seed.Length, "model.safetensors.index.json", refusedAtLeast: Rounds / 4);
    }

    private void Fuzz(byte[] seed, int damaged, string fileName, int refusedAtLeast)
    {
        var random = new Random(5);
        int refused = 0;
        for (int round = 0; round < Rounds; round++)
            refused += ReadAll(_folder.Write(fileName, Damage(seed, damaged, random))) ? 0 : 1;
        Assert.InRange(refused, refusedAtLeast, Rounds - 1);
    }

    private static bool ReadAll(string path)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            using var source = TensorSource.Open(path);
            foreach (var (name, info) in source.Tensors)
            {
                Assert.InRange(info.ByteCount, 0, 1 << 16);
                using var tensor = source.Read(name);
            }

            return true;
        }
        catch (ModelFormatException)
        {
            return false;
        }
        finally
        {
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        }
    }

    private static byte[] Damage(byte[] seed, int damaged, Random random)
    {
        byte[] bytes = [.. seed];
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            int at = random.Next(damaged);
            switch (random.Next(8))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 2: bytes[at] = (byte)random.Next('0', ':'); break;
                case 3: WriteUInt32LittleEndian(bytes.AsSpan(Math.Min(at, bytes.Length - 4)), uint.MaxValue >> random.Next(32)); break;
                case 4: WriteUInt64LittleEndian(bytes.AsSpan(Math.Min(at, bytes.Length - 8)), ulong.MaxValue >> random.Next(64)); break;
                case 5: bytes = [.. bytes[..at], .. Nines[..random.Next(1, Nines.Length)], .. bytes[at..]]; break;
                case 6: bytes = bytes[..at]; break;
                default: bytes = [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + random.Next(1, 9))..]]; break;
            }

            damaged = Math.Min(damaged, bytes.Length);
            if (damaged < 8)
                break;
        }

        return bytes;
    }
}
