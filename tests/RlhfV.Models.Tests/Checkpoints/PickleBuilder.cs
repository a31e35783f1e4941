using System.Text;

namespace RlhfV.Models.Tests.Checkpoints;

/// <summary>Writes pickle streams of tensors, instruction by instruction as Python's pickler does for <c>torch.save</c>.</summary>
internal sealed class PickleBuilder
{
    private readonly MemoryStream _stream = new();

    public PickleBuilder Begin() => Raw(0x80, 2);

    public PickleBuilder Raw(params byte[] bytes)
    {
        _stream.Write(bytes);
        return this;
    }

    public PickleBuilder Code(char code) => Raw((byte)code);

    public PickleBuilder Global(string module, string name) => Raw(Encoding.ASCII.GetBytes($"c{module}\n{name}\n"));

    public PickleBuilder Text(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        return Code('X').Raw(BitConverter.GetBytes(bytes.Length)).Raw(bytes);
    }

    public PickleBuilder Number(long value) => value switch
    {
        >= 0 and <= byte.MaxValue => Raw((byte)'K', (byte)value),
        >= 0 and <= ushort.MaxValue => Code('M').Raw(BitConverter.GetBytes((ushort)value)),
        >= int.MinValue and <= int.MaxValue => Code('J').Raw(BitConverter.GetBytes((int)value)),
        _ => Raw(0x8a, 8).Raw(BitConverter.GetBytes(value)),
    };

    public PickleBuilder Tuple(params long[] values)
    {
        Code('(');
        foreach (long value in values)
            Number(value);
        return Code('t');
    }

    public PickleBuilder OrderedDictionary() => Global("collections", "OrderedDict").Code(')').Code('R');

    public PickleBuilder Tensor(string key, long count, long offset, long[] size, long[] stride, string storage = "FloatStorage") =>
        Global("torch._utils", "_rebuild_tensor_v2").Code('(')
            .Code('(').Text("storage").Global("torch", storage).Text(key).Text("cpu").Number(count).Code('t').Code('Q')
            .Number(offset).Tuple(size).Tuple(stride).Raw(0x89).OrderedDictionary().Code('t').Code('R');

    /// <summary>A dictionary of tensors, whose items the action writes as name and value.</summary>
    public static byte[] Dictionary(Action<PickleBuilder> items)
    {
        var builder = new PickleBuilder().Begin().Code('}').Raw((byte)'q', 0).Code('(');
        items(builder);
        return builder.Code('u').End();
    }

    public byte[] End() => Code('.')._stream.ToArray();
}
