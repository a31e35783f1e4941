namespace RlhfV.Preferences;

/// <summary>Reads the fields of a structure in Thrift's compact protocol, as far as page headers need it.</summary>
internal sealed class ThriftStructReader(Stream stream)
{
    private const int True = 1, False = 2, Byte = 3, Int16 = 4, Int32 = 5, Int64 = 6, Double = 7, Binary = 8;
    private const int List = 9, Set = 10, Struct = 12;

    /// <summary>Headers are two structures deep; damage must not recurse without end.</summary>
    private const int MaximumDepth = 16;

    private readonly Stack<int> _outer = new();
    private int _field;
    private int _type;

    /// <summary>Moves to the next field of the present structure and returns its number, 0 at the end.</summary>
    public int NextField()
    {
        int head = ReadByte();
        _type = head & 0x0F;
        if (_type == 0)
            return 0;
        int delta = head >> 4;
        _field = delta == 0 ? ReadZigZag() : _field + delta;
        return _field > 0 ? _field : throw new InvalidDataException($"field number {_field} in a page header");
    }

    public int ReadInt32() => _type is Int16 or Int32
        ? ReadZigZag()
        : throw new InvalidDataException($"field {_field} of a page header is of type {_type}, expected an integer");

    public void BeginStruct()
    {
        if (_type != Struct)
            throw new InvalidDataException($"field {_field} of a page header is of type {_type}, expected a structure");
        Enter();
    }

    public void EndStruct() => _field = _outer.Pop();

    /// <summary>Passes over the present field.</summary>
    public void Skip() => Skip(_type);

    private void Skip(int type)
    {
        switch (type)
        {
            case True or False:
                break;
            case Byte:
                ReadByte();
                break;
            case Int16 or Int32 or Int64:
                ReadVariable();
                break;
            case Double:
                Pass(sizeof(double));
                break;
            case Binary:
                Pass(checked((long)ReadVariable()));
                break;
            case List or Set:
                SkipList();
                break;
            case Struct:
                Enter();
                while (NextField() != 0)
                    Skip();
                EndStruct();
                break;
            default:
                throw new InvalidDataException($"a page header holds a value of unknown type {type}");
        }
    }

    private void SkipList()
    {
        int head = ReadByte();
        ulong count = head >> 4 == 15 ? ReadVariable() : (ulong)(head >> 4);
        int type = head & 0x0F;
        if (count > (ulong)(stream.Length - stream.Position))
            throw new InvalidDataException($"a page header holds a list of {count} items");
        for (ulong i = 0; i < count; i++)
            Skip(type is True or False ? Byte : type);
    }

    private void Enter()
    {
        if (_outer.Count >= MaximumDepth)
            throw new InvalidDataException("a page header is nested too deeply");
        _outer.Push(_field);
        _field = 0;
    }

    private void Pass(long count)
    {
        if (count > stream.Length - stream.Position)
            throw new InvalidDataException("a page header reaches beyond the file");
        stream.Position += count;
    }

    private int ReadByte() =>
        stream.ReadByte() is var value && value >= 0 ? value : throw new InvalidDataException("the file ends inside a page header");

    private ulong ReadVariable()
    {
        ulong result = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            int value = ReadByte();
            result |= (ulong)(value & 0x7F) << shift;
            if (value < 0x80)
                return result;
        }

        throw new InvalidDataException("a page header holds an overlong integer");
    }

    private int ReadZigZag()
    {
        ulong value = ReadVariable();
        return checked((int)((long)(value >> 1) ^ -(long)(value & 1)));
    }
}
