namespace RlhfV.Preferences;

/// <summary>Kinds of pages, numbered as in parquet.thrift.</summary>
internal enum ParquetPageKind
{
    /// <summary>Values, version 1.</summary>
    Data = 0,

    /// <summary>An index, which is not read.</summary>
    Index = 1,

    /// <summary>The dictionary of the chunk.</summary>
    Dictionary = 2,

    /// <summary>Values, version 2.</summary>
    DataV2 = 3,
}
