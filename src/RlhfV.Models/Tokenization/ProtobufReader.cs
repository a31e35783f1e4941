using System.Buffers.Binary;
using System.Text;

namespace RlhfV.Models.Tokenization;

/// <summary>
/// Walks over the fields of a protocol-buffer message. Only what SentencePiece models use is known; the input may be damaged, so every
/// length is checked before it is believed.
/// </summary>
internal ref struct ProtobufReader
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly string _file;
    private ReadOnlySpan<byte> _rest;
    private int _wireType;

    public ProtobufReader(string file, ReadOnlySpan<byte> message)
    {
        _file = file;
        _rest = message;
    }

    /// <summary>Number of the field that was begun last.</summary>
    public int Field { get; private set; }

    /// <summary>Begins the next field; false at the end of the message. A field that is not read must be skipped.</summary>
    public bool Next()
    {
        if (_rest.IsEmpty)
            return false;
        ulong key = Varint();
        if (key is < 8 or > uint.MaxValue)
            throw Damaged($"a field with the key {key}");
        Field = (int)(key >> 3);
        _wireType = (int)(key & 7);
        return true;
    }

    public ReadOnlySpan<byte> Message()
    {
        Expect(2);
        return Take(Length());
    }

    public string Text()
    {
        ReadOnlySpan<byte> bytes = Message();
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw new ModelFormatException(
                $"{_file}: found a text that is not UTF-8 in field {Field}; expected UTF-8. Copy the file again.", e);
        }
    }

    public float Single()
    {
        Expect(5);
        return BinaryPrimitives.ReadSingleLittleEndian(Take(4));
    }

    /// <summary>A 32-bit integer or enumeration; negative ones come as ten bytes.</summary>
    public int Integer()
    {
        Expect(0);
        long value = (long)Varint();
        return value is >= int.MinValue and <= int.MaxValue ? (int)value : throw Damaged($"the number {value} in field {Field}");
    }

    public bool Flag()
    {
        Expect(0);
        return Varint() != 0;
    }

    public void Skip()
    {
        switch (_wireType)
        {
            case 0:
                Varint();
                break;
            case 1:
                Take(8);
                break;
            case 2:
                Take(Length());
                break;
            case 5:
                Take(4);
                break;
            default:
                throw Damaged($"a field of wire type {_wireType}");
        }
    }

    public readonly ModelFormatException Damaged(string found) =>
        new($"{_file}: found {found}; expected a SentencePiece model. Copy the file again.");

    private readonly void Expect(int wireType)
    {
        if (_wireType != wireType)
            throw Damaged($"field {Field} with wire type {_wireType} instead of {wireType}");
    }

    private int Length()
    {
        ulong length = Varint();
        return length <= (ulong)_rest.Length ? (int)length : throw Damaged($"a field of {length} bytes where {_rest.Length} are left");
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
            throw Damaged($"a field of {count} bytes where {_rest.Length} are left");
        ReadOnlySpan<byte> taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (int i = 0; i < 10; i++)
        {
            byte part = Take(1)[0];
            value |= (ulong)(part & 0x7F) << (7 * i);
            if (part < 0x80)
                return value;
        }

        throw Damaged("a number of more than ten bytes");
    }
}
