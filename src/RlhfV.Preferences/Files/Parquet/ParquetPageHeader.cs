namespace RlhfV.Preferences;

/// <summary>What a page of a parquet column says of itself (parquet-format, <c>PageHeader</c>).</summary>
/// <param name="Kind">Data, index, dictionary or data of version 2.</param>
/// <param name="ValueCount">Number of values in the page, nulls included.</param>
/// <param name="Encoding">How the values are stored.</param>
/// <param name="DataOffset">Where the page's content begins in the file.</param>
/// <param name="DataLength">Length of the content in bytes, as stored.</param>
internal readonly record struct ParquetPageHeader(ParquetPageKind Kind, int ValueCount, int Encoding, long DataOffset, int DataLength)
{
    private const int PlainDictionary = 2;
    private const int RunLengthDictionary = 8;

    // Field numbers of the structures in parquet.thrift.
    private const int KindField = 1, CompressedSizeField = 3, DataField = 5, DataV2Field = 8;
    private const int CountField = 1, EncodingField = 2, EncodingV2Field = 4;

    /// <summary>True when the values are indexes into the dictionary page of the chunk.</summary>
    public bool UsesDictionary => Encoding is PlainDictionary or RunLengthDictionary;

    public bool IsData => Kind is ParquetPageKind.Data or ParquetPageKind.DataV2;

    /// <summary>Where the next page begins.</summary>
    public long End => DataOffset + DataLength;

    /// <summary>Reads the header at the stream's position.</summary>
    /// <exception cref="InvalidDataException">The bytes there are no page header.</exception>
    public static ParquetPageHeader Read(Stream stream)
    {
        var thrift = new ThriftStructReader(stream);
        int kind = -1, length = -1, count = 0, encoding = -1;
        while (thrift.NextField() is var field && field != 0)
        {
            switch (field)
            {
                case KindField:
                    kind = thrift.ReadInt32();
                    break;
                case CompressedSizeField:
                    length = thrift.ReadInt32();
                    break;
                case DataField or DataV2Field:
                    int encodingField = field == DataField ? EncodingField : EncodingV2Field;
                    thrift.BeginStruct();
                    while (thrift.NextField() is var inner && inner != 0)
                    {
                        if (inner == CountField)
                            count = thrift.ReadInt32();
                        else if (inner == encodingField)
                            encoding = thrift.ReadInt32();
                        else
                            thrift.Skip();
                    }

                    thrift.EndStruct();
                    break;
                default:
                    thrift.Skip();
                    break;
            }
        }

        if (kind is < 0 or > (int)ParquetPageKind.DataV2 || length < 0 || count < 0 || length > stream.Length - stream.Position)
            throw new InvalidDataException($"there is no page header at {stream.Position} (kind {kind}, {count} values, {length} bytes)");
        return new((ParquetPageKind)kind, count, encoding, stream.Position, length);
    }
}
