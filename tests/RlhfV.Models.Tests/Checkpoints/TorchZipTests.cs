using System.Runtime.InteropServices;
using System.Text;
using RlhfV.Models.Checkpoints;
using static TorchSharp.torch;

namespace RlhfV.Models.Tests.Checkpoints;

public sealed class TorchZipTests : IDisposable
{
    private const long Huge = 1L << 62;

    private static readonly float[] Six = [1, 2, 3, 4, 5, 6];

    private readonly TemporaryFolder _folder = new();
    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Read_PlainTensor_IsRead(bool wide)
    {
        using var source = Open(PickleBuilder.Dictionary(b => b.Text("w").Tensor("0", 6, 0, [2, 3], [3, 1])), wide: wide);

        Assert.Equal([2, 3], source.Tensors["w"].Shape);
        Assert.Equal(Six, source.Read("w").data<float>().ToArray());
    }

    [Fact]
    public void Read_StridesOffsetsAndSharedStorage_AreHonoured()
    {
        using var source = Open(PickleBuilder.Dictionary(b => b
            .Text("transposed").Tensor("0", 6, 0, [3, 2], [1, 3])
            .Text("tail").Tensor("0", 6, 4, [2], [1])
            .Text("column").Tensor("0", 6, 1, [2], [3])
            .Text("one").Tensor("0", 6, 5, [], [])
            .Text("row").Tensor("0", 6, 3, [1, 3], [77, 1])
            .Text("expanded").Tensor("0", 6, 2, [2, 2], [0, 0])
            .Text("empty").Tensor("0", 6, 6, [0, 3], [3, 1])));

        Assert.Equal([1, 4, 2, 5, 3, 6], source.Read("transposed").data<float>().ToArray());
        Assert.Equal([5, 6], source.Read("tail").data<float>().ToArray());
        Assert.Equal([2, 5], source.Read("column").data<float>().ToArray());
        Assert.Equal(6, source.Read("one").item<float>());
        Assert.Equal([4, 5, 6], source.Read("row").data<float>().ToArray());
        Assert.Equal([3, 3, 3, 3], source.Read("expanded").data<float>().ToArray());
        Assert.Equal([0, 3], source.Read("empty").shape);
        Assert.Equal([1, 4, 2, 5, 3, 6], source.Read("transposed", ScalarType.Float64).data<double>().ToArray().Select(d => (float)d));
    }

    [Theory]
    [InlineData("HalfStorage", ScalarType.Float16, 12)]
    [InlineData("BFloat16Storage", ScalarType.BFloat16, 12)]
    [InlineData("DoubleStorage", ScalarType.Float64, 3)]
    [InlineData("LongStorage", ScalarType.Int64, 3)]
    [InlineData("BoolStorage", ScalarType.Bool, 24)]
    public void Open_StorageClass_GivesTheType(string storage, ScalarType type, int count)
    {
        using var source = Open(PickleBuilder.Dictionary(b => b.Text("w").Tensor("0", count, 0, [count], [1], storage)));

        Assert.Equal(type, source.Read("w").dtype);
    }

    [Fact]
    public void Open_StateDictionaryWithMetadataAndParameters_IsRead()
    {
        byte[] pickle = new PickleBuilder().Begin().OrderedDictionary().Raw((byte)'q', 1)
            .Code('(')
            .Text("w").Global("torch._utils", "_rebuild_parameter").Tensor("0", 6, 0, [6], [1])
            .Raw(0x88).OrderedDictionary().Raw(0x87).Code('R')
            .Code('u')
            .Code('}').Text("_metadata").OrderedDictionary()
            .Code('(').Text("fc").Code('}').Text("version").Number(1).Code('s').Code('u').Code('s').Code('b')
            .End();

        using var source = Open(pickle);

        Assert.Equal(["w"], source.Tensors.Keys);
        Assert.Equal(Six, source.Read("w").data<float>().ToArray());
    }

    [Fact]
    public void Open_MemoizedValues_AreRecalled()
    {
        byte[] pickle = PickleBuilder.Dictionary(b => b
            .Text("w").Tensor("0", 6, 0, [6], [1]).Code('r').Raw(BitConverter.GetBytes(70_000))
            .Text("tied").Code('j').Raw(BitConverter.GetBytes(70_000)));

        using var source = Open(pickle);

        Assert.Equal(Six, source.Read("tied").data<float>().ToArray());
    }

    public static TheoryData<string, byte[]> Refused() => new()
    {
        { "'posix.system'", new PickleBuilder().Begin().Global("posix", "system").Code('(').Text("true").Code('t').Code('R').End() },
        { "'builtins.eval'", new PickleBuilder().Begin().Global("builtins", "eval").End() },
        { "'torch.nn.modules.linear.Linear'", new PickleBuilder().Begin().Global("torch.nn.modules.linear", "Linear").End() },
        { "'torch._utils._rebuild_sparse_tensor'", new PickleBuilder().Begin().Global("torch._utils", "_rebuild_sparse_tensor").End() },
        { "'torch.QInt8Storage'", new PickleBuilder().Begin().Global("torch", "QInt8Storage").End() },
        { "STACK_GLOBAL", new PickleBuilder().Begin().Raw(0x93).End() },
        { "INST", new PickleBuilder().Begin().Code('i').End() },
        { "NEWOBJ", new PickleBuilder().Begin().Raw(0x81).End() },
        { "BINFLOAT", new PickleBuilder().Begin().Code('G').Raw(new byte[8]).End() },
        { "DUP", new PickleBuilder().Begin().Code('}').Code('2').End() },
        { "0xff", new PickleBuilder().Begin().Raw(0xff).End() },
        { "pickle protocol 4", new PickleBuilder().Raw(0x80, 4).Code('}').End() },
        { "dictionary of tensors", new PickleBuilder().Begin().Number(3).End() },
        { "'step' is not a tensor", PickleBuilder.Dictionary(b => b.Text("step").Number(3)) },
        { "'model' is not a tensor", PickleBuilder.Dictionary(b => b.Text("model").Code('}')) },
        { "key that is no name", PickleBuilder.Dictionary(b => b.Number(1).Number(3)) },
        { "no entry 'archive/data/1'", PickleBuilder.Dictionary(b => b.Text("w").Tensor("1", 6, 0, [6], [1])) },
        { "storage '0' should hold 7 elements", PickleBuilder.Dictionary(b => b.Text("w").Tensor("0", 7, 0, [6], [1])) },
        { "beyond its storage of 6", PickleBuilder.Dictionary(b => b.Text("w").Tensor("0", 6, 1, [6], [1])) },
        { "beyond its storage of 6", PickleBuilder.Dictionary(b => b.Text("w").Tensor("0", 6, 0, [2, 3], [4, 1])) },
        { "beyond its storage of 6", PickleBuilder.Dictionary(b => b.Text("w").Tensor("0", 6, 0, [1L << 40], [0])) },
        { "beyond its storage of 6", PickleBuilder.Dictionary(b => b.Text("w").Tensor("0", 6, 0, [Huge, Huge, 8], [Huge, Huge, 1])) },
        { "beyond its storage of 6", PickleBuilder.Dictionary(b => b.Text("w").Tensor("0", 6, 0, [0, Huge, 8], [1, 1, 1])) },
        { "strides [-1]", PickleBuilder.Dictionary(b => b.Text("w").Tensor("0", 6, 0, [6], [-1])) },
        { "begins at -4", PickleBuilder.Dictionary(b => b.Text("w").Tensor("0", 6, -4, [2], [1])) },
        { "sizes [6], strides [1, 1]", PickleBuilder.Dictionary(b => b.Text("w").Tensor("0", 6, 0, [6], [1, 1])) },
        { "never stored", new PickleBuilder().Begin().Raw((byte)'h', 9).End() },
        { "an empty stack", new PickleBuilder().Begin().End() },
        { "an end without a beginning", new PickleBuilder().Begin().Code('t').End() },
        { "more bytes after its end", new PickleBuilder().Begin().Code('X').Raw(0xff, 0xff, 0xff, 0xff).End() },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Open_AnythingButTensors_IsRefusedByName(string said, byte[] pickle)
    {
        var error = Assert.Throws<ModelFormatException>(() => Open(pickle));

        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.Contains(_folder.At("pytorch_model.bin"), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_CompressedEntry_IsRefused()
    {
        var error = Assert.Throws<ModelFormatException>(() => Open(PickleBuilder.Dictionary(_ => { }), method: 8));

        Assert.Contains("compressed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_BigEndian_IsRefused()
    {
        var error = Assert.Throws<ModelFormatException>(() => Open(PickleBuilder.Dictionary(_ => { }), byteOrder: "big"));

        Assert.Contains("big-endian", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_ZipWithoutPickle_IsRefused()
    {
        string path = _folder.Write("x.bin", ZipBuilder.Build([("readme.txt", [1, 2])]));

        var error = Assert.Throws<ModelFormatException>(() => TensorSource.Open(path));

        Assert.Contains("not a PyTorch checkpoint", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_NestedDataPkl_IsNotTaken()
    {
        string path = _folder.Write("x.bin", ZipBuilder.Build([("a/b/data.pkl", [1, 2])]));

        Assert.Throws<ModelFormatException>(() => TensorSource.Open(path));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Open_TruncatedAnywhere_IsRefused(bool wide)
    {
        byte[] whole = Archive(PickleBuilder.Dictionary(b => b.Text("w").Tensor("0", 6, 0, [2, 3], [3, 1])), wide: wide);
        for (int length = 0; length < whole.Length; length++)
        {
            string path = _folder.Write("x.bin", whole.AsSpan(0, length));
            Assert.Throws<ModelFormatException>(() => TensorSource.Open(path).Dispose());
        }
    }

    private static byte[] Archive(byte[] pickle, bool wide = false, ushort method = 0, string byteOrder = "little") => ZipBuilder.Build(
        [
            ("archive/data.pkl", pickle),
            ("archive/byteorder", Encoding.ASCII.GetBytes(byteOrder)),
            ("archive/data/0", MemoryMarshal.AsBytes<float>(Six).ToArray()),
        ],
        wide,
        method);

    private TensorSource Open(byte[] pickle, bool wide = false, ushort method = 0, string byteOrder = "little") =>
        TensorSource.Open(_folder.Write("pytorch_model.bin", Archive(pickle, wide, method, byteOrder)));
}
