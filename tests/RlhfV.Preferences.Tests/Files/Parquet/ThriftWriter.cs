using System.Text;

namespace RlhfV.Preferences.Tests.Files.Parquet;

/// <summary>Writes structures in Thrift's compact protocol.</summary>
internal sealed class ThriftWriter(Stream stream)
{
    private const int Int32Type = 5, Int64Type = 6, BinaryType = 8, ListType = 9, StructType = 12;
    private readonly Stack<int> _outer = new();
    private int _last;

    public void Integer(int field, int value)
    {
        Head(field, Int32Type);
        ZigZag(value);
    }

    public void Long(int field, long value)
    {
        Head(field, Int64Type);
        ZigZag(value);
    }

    public void Text(int field, string value)
    {
        Head(field, BinaryType);
        Binary(value);
    }

    public void Begin(int field)
    {
        Head(field, StructType);
        BeginItem();
    }

    /// <summary>Begins a structure that is an item of a list.</summary>
    public void BeginItem()
    {
        _outer.Push(_last);
        _last = 0;
    }

    public void End()
    {
        Stop();
        _last = _outer.Pop();
    }

    /// <summary>Ends the outermost structure.</summary>
    public void Stop() => stream.WriteByte(0);

    public void BeginList(int field, int count) => ListHead(field, count, StructType);

    public void IntegerList(int field, int[] values)
    {
        ListHead(field, values.Length, Int32Type);
        foreach (int value in values)
            ZigZag(value);
    }

    public void TextList(int field, string[] values)
    {
        ListHead(field, values.Length, BinaryType);
        foreach (string value in values)
            Binary(value);
    }

    private void ListHead(int field, int count, int type)
    {
        Head(field, ListType);
        if (count < 15)
        {
            stream.WriteByte((byte)((count << 4) | type));
            return;
        }

        stream.WriteByte((byte)(0xF0 | type));
        Variable((ulong)count);
    }

    private void Head(int field, int type)
    {
        stream.WriteByte((byte)(((field - _last) << 4) | type));
        _last = field;
    }

    private void Binary(string value)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(value);
        Variable((ulong)bytes.Length);
        stream.Write(bytes);
    }

    private void ZigZag(long value) => Variable((ulong)((value << 1) ^ (value >> 63)));

    private void Variable(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            stream.WriteByte((byte)(value | 0x80));
        stream.WriteByte((byte)value);
    }
}
