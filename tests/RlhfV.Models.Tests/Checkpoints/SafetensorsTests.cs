using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using RlhfV.Goldens;
using RlhfV.Models.Checkpoints;
using static TorchSharp.torch;

namespace RlhfV.Models.Tests.Checkpoints;

public sealed class SafetensorsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();

    public static TheoryData<string> ReferenceFiles()
    {
        var roots = new[] { "hf", "rlhfv" }.Where(r => GoldenData.Has(r)).Select(r => GoldenData.Path(r));
        var files = roots.SelectMany(r => Directory.EnumerateFiles(r, "*.safetensors", SearchOption.AllDirectories));
        return [.. files.Select(f => Path.GetRelativePath(GoldenData.Root, f)).Order(StringComparer.Ordinal)];
    }

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Save_EveryType_ReadsBackEqual()
    {
        ScalarType[] types =
        [
            ScalarType.Float64, ScalarType.Float32, ScalarType.Float16, ScalarType.BFloat16, ScalarType.Int64, ScalarType.Int32,
            ScalarType.Int16, ScalarType.Int8, ScalarType.Byte, ScalarType.Bool,
        ];
        var tensors = types.ToDictionary(t => t.ToString(), t => (rand(3, 5) * 100).to(t));

        Safetensors.Save(_folder.At("x.safetensors"), tensors);

        using var source = Safetensors.Open(_folder.At("x.safetensors"));
        Assert.Equal(types.Length, source.Tensors.Count);
        foreach (var (name, expected) in tensors)
        {
            Assert.Equal(expected.dtype, source.Tensors[name].Type);
            Assert.True(expected.equal(source.Read(name)).all().item<bool>(), name);
        }
    }

    [Fact]
    public void Save_UnusualShapes_ReadBackEqual()
    {
        var matrix = arange(12, dtype: ScalarType.Float32).view(3, 4);
        var tensors = new Dictionary<string, Tensor>
        {
            ["number"] = tensor(2.5f),
            ["empty"] = zeros(0, 3),
            ["transposed"] = matrix.t(),
            ["slice"] = matrix[.., 1..3],
            ["expanded"] = tensor(7f).expand(2, 2),
            ["long name: \"quotes\", ünïcödé"] = ones(1),
        };

        Safetensors.Save(_folder.At("x.safetensors"), tensors);

        using var source = Safetensors.Open(_folder.At("x.safetensors"));
        Assert.Equal(tensors.Keys.Order(), source.Tensors.Keys.Order());
        foreach (var (name, expected) in tensors)
        {
            Assert.Equal(expected.shape, source.Tensors[name].Shape);
            Assert.True(expected.equal(source.Read(name)).all().item<bool>(), name);
        }
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(ReferenceFiles))]
    public void Save_WhatTheReferenceWrote_GivesTheSameBytes(string file)
    {
        string reference = GoldenData.Path(file);
        using var source = Safetensors.Open(reference);

        Safetensors.Save(_folder.At("x.safetensors"), source.Tensors.Keys.Select(n => KeyValuePair.Create(n, source.Read(n))),
            MetadataOf(reference));

        Assert.True(File.ReadAllBytes(reference).AsSpan().SequenceEqual(File.ReadAllBytes(_folder.At("x.safetensors"))));
    }

    [Fact]
    public void Save_MixedTypes_AlignsEveryTensor()
    {
        Safetensors.Save(_folder.At("x.safetensors"), new Dictionary<string, Tensor>
        {
            ["a"] = ones(3, dtype: ScalarType.Byte),
            ["b"] = ones(3, dtype: ScalarType.Float16),
            ["c"] = ones(1, dtype: ScalarType.Float64),
            ["d"] = ones(5),
        });

        var header = Header(_folder.At("x.safetensors"), out int dataStart);
        Assert.Equal(0, dataStart % 8);
        Assert.Equal(
            [0, 8, 28, 34],
            new[] { "c", "d", "b", "a" }.Select(n => header.GetProperty(n).GetProperty("data_offsets")[0].GetInt32()));
    }

    [Fact]
    public void Save_FailingEnumeration_LeavesNothing()
    {
        IEnumerable<KeyValuePair<string, Tensor>> Failing()
        {
            yield return new("a", ones(2));
            throw new InvalidOperationException("no more");
        }

        Assert.Throws<InvalidOperationException>(() => Safetensors.Save(_folder.At("sub/x.safetensors"), Failing()));

        Assert.Empty(_folder.FileNames);
    }

    [Fact]
    public void Save_FailingWrite_KeepsTheFormerFileAndLeavesNothingElse()
    {
        string path = _folder.At("x.safetensors");
        Safetensors.Save(path, [new("a", ones(2))]);
        var gone = ones(2);
        IEnumerable<KeyValuePair<string, Tensor>> Disposing()
        {
            yield return new("a", ones(2) * 2);
            yield return new("b", gone);
            gone.Dispose();
        }

        Assert.ThrowsAny<InvalidOperationException>(() => Safetensors.Save(path, Disposing()));

        Assert.Equal(["x.safetensors"], _folder.FileNames);
        using var source = Safetensors.Open(path);
        Assert.Equal([1f, 1f], source.Read("a").data<float>().ToArray());
    }

    [Theory]
    [InlineData("")]
    [InlineData("__metadata__")]
    public void Save_ReservedName_IsRefused(string name) =>
        Assert.Throws<ArgumentException>("tensors", () => Safetensors.Save(_folder.At("x"), [new(name, ones(1))]));

    [Fact]
    public void Save_NameTwice_IsRefusedByName()
    {
        var error = Assert.Throws<ArgumentException>("tensors", () =>
            Safetensors.Save(_folder.At("x"), [new("w", ones(1)), new("w", ones(1))]));

        Assert.Contains("'w'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Save_ComplexTensor_IsRefused() =>
        Assert.Throws<NotSupportedException>(() =>
            Safetensors.Save(_folder.At("x"), [new("w", zeros(1, dtype: ScalarType.ComplexFloat32))]));

    [Theory]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 4, "speaks of 8 bytes of tensors, but only 4 are there")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 9, "take 8 bytes, but the file has 9")]
    [InlineData("""{"w":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8, "Float32 [3], but takes 8 bytes")]
    [InlineData("""{"w":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", 8, "whole numbers from 0 on")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1.5],"data_offsets":[0,8]}}""", 8, "whole numbers from 0 on")]
    [InlineData("""{"w":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}""", 0, "but takes 0 bytes")]
    [InlineData("""{"w":{"dtype":"F32","shape":[0,4611686018427387904,4],"data_offsets":[0,0]}}""", 0, "but takes 0 bytes")]
    [InlineData("""{"w":{"dtype":"F4","shape":[2],"data_offsets":[0,8]}}""", 8, "dtype 'F4'")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2]}}""", 8, "lacks dtype, shape or two data_offsets")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8,9]}}""", 8, "lacks dtype, shape or two data_offsets")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", 8, "expected it to begin at 0")]
    [InlineData("""{"w":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8, "unexpected or repeated entry 'dtype'")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"v":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8, "expected it to begin at 4")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"v":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""", 12, "expected it to begin at 4")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "has 'w' twice")]
    [InlineData("""{"w":3}""", 0, "'w' is Number")]
    [InlineData("[1]", 0, "the header is StartArray")]
    [InlineData("""{"w":""", 0, "not valid JSON")]
    [InlineData("{} x", 0, "not valid JSON")]
    [InlineData("", 0, "not valid JSON")]
    public void Open_WrongHeader_SaysWhatIsWrong(string header, int dataBytes, string said)
    {
        byte[] json = Encoding.UTF8.GetBytes(header);
        byte[] file = new byte[8 + json.Length + dataBytes];
        BinaryPrimitives.WriteInt64LittleEndian(file, json.Length);
        json.CopyTo(file, 8);
        string path = _folder.Write("x.safetensors", file);

        var error = Assert.Throws<ModelFormatException>(() => Safetensors.Open(path));

        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(1UL << 62)]
    [InlineData(1UL << 31)]
    [InlineData(100UL)]
    public void Open_LyingHeaderLength_IsRefusedWithoutAllocating(ulong length)
    {
        byte[] file = new byte[64];
        BinaryPrimitives.WriteUInt64LittleEndian(file, length);
        string path = _folder.Write("x.safetensors", file);
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Throws<ModelFormatException>(() => Safetensors.Open(path));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    private static JsonElement Header(string path, out int dataStart)
    {
        byte[] file = File.ReadAllBytes(path);
        int length = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        dataStart = 8 + length;
        return JsonDocument.Parse(file.AsMemory(8, length)).RootElement;
    }

    private static Dictionary<string, string>? MetadataOf(string path) =>
        Header(path, out _).TryGetProperty("__metadata__", out var metadata)
            ? metadata.EnumerateObject().ToDictionary(m => m.Name, m => m.Value.GetString()!)
            : null;
}
