using System.Text.Json;
using RlhfV.Models.Checkpoints;
using static TorchSharp.torch;

namespace RlhfV.Models.Tests.Checkpoints;

public sealed class CheckpointWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();

    private static Dictionary<string, Tensor> Tensors(int seed = 1)
    {
        using var generator = new Generator((ulong)seed);
        return Enumerable.Range(0, 6).ToDictionary(i => $"layers.{i}.weight", i => randn([10 + i, 8], generator: generator));
    }

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Save_SmallModel_WritesOneFile()
    {
        var tensors = Tensors();

        CheckpointWriter.Save(_folder.Root, tensors);

        Assert.Equal(["model.safetensors"], _folder.FileNames);
        AssertHolds(tensors);
    }

    [Fact]
    public void Save_AboveTheShardSize_WritesShardsAndIndex()
    {
        var tensors = Tensors();

        CheckpointWriter.Save(_folder.Root, tensors, maxShardBytes: 800);

        Assert.Equal(
            [.. Enumerable.Range(1, 4).Select(i => $"model-0000{i}-of-00004.safetensors"), "model.safetensors.index.json"],
            _folder.FileNames);
        AssertHolds(tensors);
        using var index = JsonDocument.Parse(File.ReadAllBytes(_folder.At("model.safetensors.index.json")));
        Assert.Equal(
            tensors.Values.Sum(t => t.NumberOfElements * 4),
            index.RootElement.GetProperty("metadata").GetProperty("total_size").GetInt64());
        foreach (var entry in index.RootElement.GetProperty("weight_map").EnumerateObject())
        {
            string shard = _folder.At(entry.Value.GetString()!);
            using var source = Safetensors.Open(shard);
            Assert.Contains(entry.Name, source.Tensors.Keys);
            Assert.InRange(source.Tensors.Values.Sum(t => t.ByteCount), 1, 800);
        }
    }

    [Fact]
    public void Save_TensorAboveTheShardSize_GetsItsOwnFile()
    {
        CheckpointWriter.Save(_folder.Root, [new("a", ones(2)), new("big", ones(100)), new("c", ones(2))], maxShardBytes: 16);

        using var source = TensorSource.Open(_folder.Root);
        Assert.Equal(3, source.Tensors.Keys.Select(source.FileOf).Distinct().Count());
    }

    [Theory]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    public void Save_StoreAs_RoundsFloatingPointTensorsOnly(ScalarType type)
    {
        var weight = randn(5, 7);
        CheckpointWriter.Save(_folder.Root, [new("weight", weight), new("ids", arange(4))], storeAs: type);

        using var source = TensorSource.Open(_folder.Root);
        Assert.Equal(type, source.Tensors["weight"].Type);
        Assert.Equal(ScalarType.Int64, source.Tensors["ids"].Type);
        Assert.True(weight.to(type).equal(source.Read("weight")).all().item<bool>());
    }

    [Theory]
    [InlineData(1 << 30, 800)]
    [InlineData(800, 1 << 30)]
    [InlineData(800, 500)]
    [InlineData(500, 800)]
    public void Save_OverAFormerCheckpoint_LeavesOnlyTheNewOne(long formerShard, long newShard)
    {
        _folder.Write("config.json", "{}");
        CheckpointWriter.Save(_folder.Root, Tensors(1), maxShardBytes: formerShard);
        var tensors = Tensors(2);

        CheckpointWriter.Save(_folder.Root, tensors, maxShardBytes: newShard);

        AssertHolds(tensors);
        Assert.Contains("config.json", _folder.FileNames);
        using var source = TensorSource.Open(_folder.Root);
        Assert.Equal(
            source.Tensors.Keys.Select(n => Path.GetFileName(source.FileOf(n))).Distinct().Order(),
            _folder.FileNames.Where(f => f.EndsWith(".safetensors", StringComparison.Ordinal)));
    }

    [Fact]
    public void Save_FailingEnumeration_KeepsTheFormerCheckpoint()
    {
        var former = Tensors(1);
        CheckpointWriter.Save(_folder.Root, former, maxShardBytes: 800);
        string[] before = _folder.FileNames;
        IEnumerable<KeyValuePair<string, Tensor>> Failing()
        {
            yield return new("a", ones(2));
            throw new InvalidOperationException("no more");
        }

        Assert.Throws<InvalidOperationException>(() => CheckpointWriter.Save(_folder.Root, Failing()));

        Assert.Equal(before, _folder.FileNames);
        AssertHolds(former);
    }

    [Fact]
    public void Save_NewFolderAndFailingWrite_RemovesTheFolder()
    {
        var gone = ones(2);
        IEnumerable<KeyValuePair<string, Tensor>> Disposing()
        {
            yield return new("a", ones(4));
            yield return new("b", gone);
            gone.Dispose();
        }

        Assert.ThrowsAny<InvalidOperationException>(() => CheckpointWriter.Save(_folder.At("new"), Disposing(), maxShardBytes: 8));

        Assert.Empty(_folder.FileNames);
    }

    [Fact]
    public void Save_NoTensors_WritesAnEmptyFile()
    {
        CheckpointWriter.Save(_folder.Root, []);

        using var source = TensorSource.Open(_folder.Root);
        Assert.Empty(source.Tensors);
    }

    [Fact]
    public void Save_StoreAsInteger_IsRefused() =>
        Assert.Throws<ArgumentException>("storeAs", () => CheckpointWriter.Save(_folder.Root, Tensors(), storeAs: ScalarType.Int64));

    private void AssertHolds(Dictionary<string, Tensor> tensors)
    {
        using var source = TensorSource.Open(_folder.Root);
        Assert.Equal(tensors.Keys.Order(StringComparer.Ordinal), source.Tensors.Keys.Order(StringComparer.Ordinal));
        Assert.All(tensors, t => Assert.True(t.Value.equal(source.Read(t.Key)).all().item<bool>(), t.Key));
    }
}
