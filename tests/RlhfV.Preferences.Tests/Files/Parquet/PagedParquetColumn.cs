namespace RlhfV.Preferences.Tests.Files.Parquet;

/// <summary>One leaf column of a <see cref="PagedParquetFile"/>.</summary>
/// <param name="Name">Its name, or <c>structure.part</c>.</param>
/// <param name="Value">The value of each row, null where there is none.</param>
internal sealed record PagedParquetColumn(string Name, Func<int, byte[]?> Value)
{
    /// <summary>True for 64-bit integers of eight bytes each.</summary>
    public bool IsInteger { get; init; }

    /// <summary>True for bytes that are no text.</summary>
    public bool IsBinary { get; init; }

    /// <summary>
    /// When set, the first two pages hold indexes into a dictionary of this one value; all their values must be equal to it or null.
    /// </summary>
    public byte[]? DictionaryWord { get; init; }

    /// <summary>Where each data page begins, once written.</summary>
    public List<long> Pages { get; } = [];

    internal string? Structure => Name.Split('.') is [var structure, _] ? structure : null;

    internal int Depth => Structure is null ? 1 : 2;

    internal long Start { get; set; }

    internal long DataStart { get; set; }

    internal long End { get; set; }
}
