using RlhfV.Models.Checkpoints;
using static TorchSharp.torch;

namespace RlhfV.Models.Tests.Checkpoints;

public sealed class TensorSourceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(ScalarType.Float32, ScalarType.Float64)]
    [InlineData(ScalarType.Float32, ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16, ScalarType.Float32)]
    [InlineData(ScalarType.Float16, ScalarType.Float32)]
    [InlineData(ScalarType.Float16, ScalarType.BFloat16)]
    [InlineData(ScalarType.Float64, ScalarType.Float32)]
    [InlineData(ScalarType.Float32, ScalarType.Float32)]
    public void Read_LargerThanTheBuffer_ConvertsEveryElement(ScalarType stored, ScalarType wanted)
    {
        var expected = randn(1_300, 2_000).to(stored);
        using var source = Saved(expected);

        Assert.True(expected.to(wanted).equal(source.Read("w", wanted)).all().item<bool>());
    }

    [Fact]
    public void ReadInto_NotContiguous_FillsIt()
    {
        var expected = randn(4, 6);
        using var source = Saved(expected);
        var whole = zeros(6, 9);

        source.ReadInto("w", whole[.., 2..6].t());

        Assert.True(expected.t().equal(whole[.., 2..6]).all().item<bool>());
        Assert.Equal(0, whole[.., 0..2].count_nonzero().item<long>());
    }

    [Fact]
    public void ReadInto_Parameter_FillsItWithoutGradient()
    {
        var expected = randn(4, 6);
        using var source = Saved(expected.to(ScalarType.Float16));
        using var parameter = new TorchSharp.Modules.Parameter(zeros(4, 6));

        source.ReadInto("w", parameter);

        Assert.True(parameter.requires_grad && parameter.is_leaf);
        Assert.True(expected.to(ScalarType.Float16).to(ScalarType.Float32).equal(parameter).all().item<bool>());
    }

    [Fact]
    public void ReadInto_OtherShape_NamesBothShapes()
    {
        using var source = Saved(ones(4, 6));

        var error = Assert.Throws<ArgumentException>("destination", () => source.ReadInto("w", zeros(6, 4)));

        Assert.Contains("[4, 6]", error.Message, StringComparison.Ordinal);
        Assert.Contains("[6, 4]", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ScalarType.Int64, ScalarType.Float32)]
    [InlineData(ScalarType.Float32, ScalarType.Int64)]
    [InlineData(ScalarType.Int64, ScalarType.Int32)]
    public void Read_ToATypeThatLosesMeaning_IsRefused(ScalarType stored, ScalarType wanted)
    {
        using var source = Saved(ones(2, dtype: stored));

        Assert.Throws<ArgumentException>("destination", () => source.Read("w", wanted));
    }

    [Fact]
    public void Read_UnknownName_NamesIt()
    {
        using var source = Saved(ones(2));

        Assert.Contains("'v'", Assert.Throws<ArgumentException>("name", () => source.Read("v")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_Always_LeavesNoOtherTensorAlive()
    {
        using var source = Saved(randn(40, 60));
        long before = TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        var read = source.Read("w", ScalarType.BFloat16);

        Assert.Equal(before + 1, TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        read.Dispose();
    }

    [Fact]
    public void Read_Disposed_Throws()
    {
        var source = Saved(ones(2));
        source.Dispose();

        Assert.Throws<ObjectDisposedException>(() => source.Read("w"));
    }

    [Fact]
    public void Read_FileTruncatedMeanwhile_SaysWhere()
    {
        using var source = Saved(ones(1000));
        using (var file = new FileStream(_folder.At("model.safetensors"), FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            file.SetLength(500);

        Assert.Contains("ends at byte 500", Assert.Throws<ModelFormatException>(() => source.Read("w")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_FromManyThreads_GivesEqualTensors()
    {
        var expected = randn(500, 500);
        using var source = Saved(expected);

        Parallel.For(0, 8, _ =>
        {
            using var read = source.Read("w");
            using var same = expected.equal(read).all();
            Assert.True(same.item<bool>());
        });
    }

    [Fact]
    public void Open_FolderWithSeveral_PrefersSafetensors()
    {
        _folder.Write("pytorch_model.bin", "not read");
        using var source = Saved(ones(2));

        Assert.Equal(_folder.At("model.safetensors"), source.FileOf("w"));
    }

    [Fact]
    public void Open_EmptyFolder_SaysWhatIsExpected()
    {
        var error = Assert.Throws<FileNotFoundException>(() => TensorSource.Open(_folder.Root));

        Assert.Contains("pytorch_model.bin.index.json", error.Message, StringComparison.Ordinal);
        Assert.Contains(_folder.Root, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_NoSuchFile_NamesIt()
    {
        var error = Assert.Throws<FileNotFoundException>(() => TensorSource.Open(_folder.At("absent")));

        Assert.Contains("absent", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_FormatBeforeZip_SaysHowToConvert()
    {
        string path = _folder.Write("pytorch_model.bin", [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46]);

        var error = Assert.Throws<ModelFormatException>(() => TensorSource.Open(path));

        Assert.Contains("before version 1.6", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(8)]
    public void Open_TinyFile_IsRefused(int length) =>
        Assert.Throws<ModelFormatException>(() => TensorSource.Open(_folder.Write("model.safetensors", new byte[length])));

    private TensorSource Saved(Tensor tensor)
    {
        CheckpointWriter.Save(_folder.Root, [new("w", tensor)]);
        return TensorSource.Open(_folder.Root);
    }
}
