using System.Text;

namespace RlhfV.Preferences;

/// <summary>What can be known of a file before it is read: its name, its first bytes, and the columns if it is a parquet file.</summary>
public sealed class PreferenceFileHead
{
    private const int HeadBytes = 64 * 1024;
    private static readonly byte[] ParquetMagic = "PAR1"u8.ToArray();
    private readonly Lazy<IReadOnlyList<string>> _columns;

    private PreferenceFileHead(string path, ReadOnlyMemory<byte> start)
    {
        Path = path;
        Start = start;
        _columns = new(() => IsParquet ? ParquetTable.ReadColumnNames(path) : []);
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The first 64 KiB of the file, or all of a shorter one, without a UTF-8 byte order mark.</summary>
    public ReadOnlyMemory<byte> Start { get; }

    /// <summary>True when the file begins as parquet files do.</summary>
    public bool IsParquet => Start.Span.StartsWith(ParquetMagic);

    /// <summary>The names of the top columns of a parquet file; empty for any other file.</summary>
    public IReadOnlyList<string> Columns => _columns.Value;

    /// <summary>The first byte that is not white space, or null for an empty file.</summary>
    public byte? FirstCharacter
    {
        get
        {
            ReadOnlySpan<byte> text = Start.Span.TrimStart(" \t\r\n"u8);
            return text.IsEmpty ? null : text[0];
        }
    }

    /// <summary>Reads the beginning of a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static PreferenceFileHead Read(string path)
    {
        RequireFile(path);
        return new PreferenceFileHead(path, ReadStart(path, HeadBytes));
    }

    /// <summary>More of the file than <see cref="Start"/> holds, without a byte order mark.</summary>
    internal ReadOnlyMemory<byte> ReadStart(int length) => ReadStart(Path, length);

    private static ReadOnlyMemory<byte> ReadStart(string path, int length)
    {
        using FileStream stream = File.OpenRead(path);
        byte[] buffer = new byte[Math.Min(length, stream.Length)];
        int count = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        int skip = buffer.AsSpan(0, count).StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
        return buffer.AsMemory(skip..count);
    }

    internal static void RequireFile(string path)
    {
        if (Directory.Exists(path))
            throw new FileNotFoundException($"'{path}' is a folder, expected a file of preference data. Pass the file inside it.", path);
        if (!File.Exists(path))
            throw new FileNotFoundException(
                $"There is no file '{path}'. Check the path; relative paths start at the current folder.", path);
    }

    internal string Describe()
    {
        if (IsParquet)
            return $"a parquet file with the columns {string.Join(", ", Columns)}";
        if (Start.IsEmpty)
            return "it is empty";
        string text = Encoding.UTF8.GetString(Start.Span[..Math.Min(40, Start.Length)]).ReplaceLineEndings(" ");
        return $"it begins with '{text}'";
    }
}
