using System.Buffers.Binary;
using System.Text;

namespace RlhfV.Models.Checkpoints;

/// <summary>
/// Reads the directory of a zip archive, with the 64-bit records that archives over 4 GiB have, and tells where in the file each entry's
/// bytes lie. The framework's reader does not say that, and PyTorch stores entries uncompressed exactly so that they can be read in place.
/// </summary>
internal sealed class ZipDirectory
{
    private const int EndSize = 22;
    private const int LongestComment = ushort.MaxValue;
    private const int CentralSize = 46;
    private const int LocalSize = 30;
    private const uint EndSignature = 0x06054b50;
    private const uint Locator64Signature = 0x07064b50;
    private const uint End64Signature = 0x06064b50;
    private const uint CentralSignature = 0x02014b50;
    private const uint LocalSignature = 0x04034b50;
    private const long MostDirectoryBytes = 256L << 20;

    private readonly CheckpointFile _file;
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>Reads the directory.</summary>
    /// <exception cref="ModelFormatException">The archive is damaged or truncated.</exception>
    public ZipDirectory(CheckpointFile file)
    {
        _file = file;
        var (offset, size) = FindDirectory();
        ReadEntries(file.ReadPart(offset, size, MostDirectoryBytes, "directory of the zip archive"));
    }

    /// <summary>The entries' names.</summary>
    public IReadOnlyCollection<string> Names => _entries.Keys;

    /// <summary>The bytes of an entry: where they begin in the file, and how many they are.</summary>
    /// <exception cref="ModelFormatException">
    /// There is no such entry, it is compressed or encrypted, or it lies outside the file.
    /// </exception>
    public (long Offset, long Length) Locate(string name)
    {
        if (!_entries.TryGetValue(name, out var entry))
            throw Invalid($"it has no entry '{name}'");
        if (entry.Method != 0 || (entry.Flags & 1) != 0 || entry.Packed != entry.Length)
            throw Invalid($"its entry '{name}' is compressed or encrypted, expected it stored as it is");

        byte[] local = _file.ReadPart(entry.Header, LocalSize, LocalSize, $"header of the zip entry '{name}'");
        if (BinaryPrimitives.ReadUInt32LittleEndian(local) != LocalSignature)
            throw Invalid($"its entry '{name}' does not begin with an entry header");
        int nameLength = BinaryPrimitives.ReadUInt16LittleEndian(local.AsSpan(26));
        int extraLength = BinaryPrimitives.ReadUInt16LittleEndian(local.AsSpan(28));
        long start = entry.Header + LocalSize + nameLength + extraLength;
        if (start > _file.Length || entry.Length > _file.Length - start)
            throw Invalid($"its entry '{name}' should take {entry.Length} bytes at {start}, but the file has {_file.Length}");
        return (start, entry.Length);
    }

    private (long Offset, long Size) FindDirectory()
    {
        long tailStart = Math.Max(0, _file.Length - EndSize - LongestComment);
        byte[] tail = _file.ReadPart(tailStart, _file.Length - tailStart, EndSize + LongestComment, "end of the zip archive");
        for (int at = tail.Length - EndSize; at >= 0; at--)
        {
            var end = tail.AsSpan(at);
            if (BinaryPrimitives.ReadUInt32LittleEndian(end) != EndSignature)
                continue;
            uint size = BinaryPrimitives.ReadUInt32LittleEndian(end[12..]);
            uint offset = BinaryPrimitives.ReadUInt32LittleEndian(end[16..]);
            ushort entries = BinaryPrimitives.ReadUInt16LittleEndian(end[10..]);
            bool is64 = size == uint.MaxValue || offset == uint.MaxValue || entries == ushort.MaxValue;
            return is64 ? FindDirectory64(tailStart + at) : (offset, size);
        }

        throw Invalid("it has no directory at its end");
    }

    private (long Offset, long Size) FindDirectory64(long end)
    {
        byte[] locator = _file.ReadPart(end - 20, 20, 20, "64-bit locator of the zip archive");
        if (BinaryPrimitives.ReadUInt32LittleEndian(locator) != Locator64Signature)
            throw Invalid("it lacks the 64-bit locator that its directory asks for");
        byte[] record = _file.ReadPart(BinaryPrimitives.ReadInt64LittleEndian(locator.AsSpan(8)), 56, 56, "64-bit end of the zip archive");
        if (BinaryPrimitives.ReadUInt32LittleEndian(record) != End64Signature)
            throw Invalid("it lacks the 64-bit record that its locator points to");
        return (BinaryPrimitives.ReadInt64LittleEndian(record.AsSpan(48)), BinaryPrimitives.ReadInt64LittleEndian(record.AsSpan(40)));
    }

    private void ReadEntries(ReadOnlySpan<byte> directory)
    {
        while (directory.Length >= CentralSize && BinaryPrimitives.ReadUInt32LittleEndian(directory) == CentralSignature)
        {
            int nameLength = BinaryPrimitives.ReadUInt16LittleEndian(directory[28..]);
            int extraLength = BinaryPrimitives.ReadUInt16LittleEndian(directory[30..]);
            int length = CentralSize + nameLength + extraLength + BinaryPrimitives.ReadUInt16LittleEndian(directory[32..]);
            if (length > directory.Length)
                throw Invalid("its directory ends within an entry");

            string name = Encoding.UTF8.GetString(directory.Slice(CentralSize, nameLength));
            var entry = new Entry(
                BinaryPrimitives.ReadUInt16LittleEndian(directory[8..]),
                BinaryPrimitives.ReadUInt16LittleEndian(directory[10..]),
                BinaryPrimitives.ReadUInt32LittleEndian(directory[20..]),
                BinaryPrimitives.ReadUInt32LittleEndian(directory[24..]),
                BinaryPrimitives.ReadUInt32LittleEndian(directory[42..]));
            if (!_entries.TryAdd(name, Widen(entry, directory.Slice(CentralSize + nameLength, extraLength), name)))
                throw Invalid($"it has the entry '{name}' twice");
            directory = directory[length..];
        }

        if (_entries.Count == 0)
            throw Invalid("its directory is empty");
    }

    // The extra field of kind 1 holds, in this order, the 64-bit forms of those values that are all ones in the entry.
    private Entry Widen(Entry entry, ReadOnlySpan<byte> extra, string name)
    {
        if (entry is not ({ Length: uint.MaxValue } or { Packed: uint.MaxValue } or { Header: uint.MaxValue }))
            return entry;
        while (extra.Length >= 4)
        {
            int length = BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]);
            if (length > extra.Length - 4)
                break;
            if (BinaryPrimitives.ReadUInt16LittleEndian(extra) == 1)
            {
                var wide = Widen(entry, extra.Slice(4, length), out bool whole);
                return whole ? wide : throw Invalid($"the 64-bit sizes of its entry '{name}' are cut short");
            }

            extra = extra[(4 + length)..];
        }

        throw Invalid($"its entry '{name}' lacks the 64-bit sizes that it asks for");
    }

    private static Entry Widen(Entry entry, ReadOnlySpan<byte> values, out bool whole)
    {
        whole = true;
        long length = Take(entry.Length, ref values, ref whole);
        long packed = Take(entry.Packed, ref values, ref whole);
        long header = Take(entry.Header, ref values, ref whole);
        return entry with { Length = length, Packed = packed, Header = header };
    }

    private static long Take(long value, ref ReadOnlySpan<byte> values, ref bool whole)
    {
        if (value != uint.MaxValue)
            return value;
        if (values.Length < 8)
        {
            whole = false;
            return value;
        }

        long wide = BinaryPrimitives.ReadInt64LittleEndian(values);
        values = values[8..];
        whole &= wide >= 0;
        return wide;
    }

    private ModelFormatException Invalid(string found) =>
        new($"'{_file.Path}' is not a usable zip archive: {found}. It may be damaged or truncated; fetch or copy it again.");

    private readonly record struct Entry(ushort Flags, ushort Method, long Packed, long Length, long Header);
}
