using System.Text.Json;
using RlhfV.Goldens;
using RlhfV.Models.Checkpoints;
using static TorchSharp.torch;

namespace RlhfV.Models.Tests.Checkpoints;

/// <summary>The stored checkpoints in every layout, against an independent reader and against each other.</summary>
[Trait("Category", "Golden")]
public class CheckpointGoldenTests
{
    public static TheoryData<string> Checkpoints() => Find(path =>
        Path.GetFileName(path) is "model.safetensors" or "pytorch_model.bin" || path.EndsWith(".index.json", StringComparison.Ordinal));

    public static TheoryData<string> SafetensorsFiles() => Find(path => path.EndsWith(".safetensors", StringComparison.Ordinal));

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Checkpoints))]
    public void Open_StoredCheckpoint_ReadsEveryTensor(string file)
    {
        using var scope = NewDisposeScope();
        using var source = TensorSource.Open(GoldenData.Path(file));

        Assert.NotEmpty(source.Tensors);
        foreach (var (name, info) in source.Tensors)
        {
            using var tensor = source.Read(name);
            Assert.Equal(info.Shape, tensor.shape);
            Assert.Equal(info.Type, tensor.dtype);
            // Random weights: a tensor of zeros alone would mean that nothing was read; some biases and old position ids are such.
            if (tensor.is_floating_point() && tensor.dim() > 1)
                Assert.True(tensor.isfinite().all().item<bool>() && tensor.count_nonzero().item<long>() > 0, name);
        }
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(SafetensorsFiles))]
    public void Read_StoredSafetensors_EqualsTheIndependentReader(string file)
    {
        using var scope = NewDisposeScope();
        var expected = GoldenTensors.Load(GoldenData.Path(file));
        using var source = Safetensors.Open(GoldenData.Path(file));

        Assert.Equal(expected.Names.Order(StringComparer.Ordinal), source.Tensors.Keys.Order(StringComparer.Ordinal));
        foreach (string name in expected.Names)
        {
            using var tensor = source.Read(name);
            Assert.Equal(expected[name].Shape, tensor.shape);
            Assert.True(expected[name].Bytes.Span.SequenceEqual(tensor.bytes), name);
        }
    }

    [Theory]
    [InlineData("sharded-bfloat16", ScalarType.BFloat16)]
    [InlineData("bin-float32", ScalarType.Float32)]
    public void Read_VariantOfLlava_EqualsTheCheckpoint(string variant, ScalarType stored)
    {
        Assert.SkipUnless(GoldenData.Has("hf", "llava", "variants", variant), "These expectations have no such variant.");
        using var scope = NewDisposeScope();
        using var expected = TensorSource.Open(GoldenData.Path("hf", "llava", "checkpoint"));
        using var actual = TensorSource.Open(GoldenData.Path("hf", "llava", "variants", variant));

        Assert.Equal(expected.Tensors.Keys.Order(StringComparer.Ordinal), actual.Tensors.Keys.Order(StringComparer.Ordinal));
        Assert.All(actual.Tensors.Values, t => Assert.Equal(stored, t.Type));
        Assert.All(expected.Tensors.Keys, name =>
            AssertEqual(expected.Read(name, ScalarType.Float32), actual.Read(name, ScalarType.Float32), name));
    }

    [Theory]
    [InlineData("checkpoint")]
    [InlineData("checkpoint_sharded")]
    public void Read_MuffinCheckpoint_EqualsTheInitialWeights(string folder)
    {
        Assert.SkipUnless(GoldenData.Has("rlhfv", "d_train", folder), "These expectations have no Muffin checkpoint.");
        using var scope = NewDisposeScope();
        var expected = GoldenTensors.LoadGolden("rlhfv", "d_train", "initial.safetensors");
        using var actual = TensorSource.Open(GoldenData.Path("rlhfv", "d_train", folder));

        Assert.Equal(
            expected.Names.Order(StringComparer.Ordinal),
            actual.Tensors.Keys.Where(n => !n.EndsWith("rotary_emb.inv_freq", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.All(expected.Names, name =>
            Assert.Equal(expected[name].ToFloats(), actual.Read(name, ScalarType.Float32).data<float>().ToArray()));
    }

    [Theory]
    [InlineData("llava-v1.5")]
    [InlineData("clip-vision-tower")]
    [InlineData("rlaif-v")]
    public void Read_OriginalLayout_EqualsTheCheckpointNameByName(string layout)
    {
        Assert.SkipUnless(GoldenData.Has("hf", "llava", "original", layout), "These expectations have no such layout.");
        using var scope = NewDisposeScope();
        using var keymap = JsonDocument.Parse(File.ReadAllText(GoldenData.Path("hf", "llava", "original", "keymap.json")));
        using var expected = TensorSource.Open(GoldenData.Path("hf", "llava", "checkpoint"));
        using var actual = TensorSource.Open(GoldenData.Path("hf", "llava", "original", layout));
        var seen = new HashSet<string>();

        foreach (var row in keymap.RootElement.GetProperty("tensors").EnumerateArray())
        {
            if (!row.TryGetProperty(layout, out var column) || column.GetString() is not { } name)
                continue;
            var whole = expected.Read(row.GetProperty("hub").GetString()!, ScalarType.Float32);
            var rows = row.TryGetProperty("rows_in_original", out var count) ? whole[..(int)count.GetInt64()] : whole;
            AssertEqual(rows, actual.Read(name, ScalarType.Float32), name);
            seen.Add(name);
        }

        var ignored = keymap.RootElement.GetProperty("ignore").TryGetProperty(layout, out var list)
            ? list.EnumerateArray().Select(i => i.GetString()!)
            : [];
        Assert.Equal(actual.Tensors.Keys.Order(StringComparer.Ordinal), seen.Concat(ignored).Order(StringComparer.Ordinal));
    }

    private static void AssertEqual(Tensor expected, Tensor actual, string name) =>
        Assert.True(expected.equal(actual).all().item<bool>(), name);

    private static TheoryData<string> Find(Func<string, bool> wanted)
    {
        var roots = new[] { "hf", "rlhfv" }.Where(r => GoldenData.Has(r)).Select(r => GoldenData.Path(r));
        var files = roots.SelectMany(r => Directory.EnumerateFiles(r, "*", SearchOption.AllDirectories)).Where(wanted);
        return [.. files.Select(f => Path.GetRelativePath(GoldenData.Root, f)).Order(StringComparer.Ordinal)];
    }
}
