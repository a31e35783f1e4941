using System.Buffers.Binary;

namespace RlhfV.Models.Native;

/// <summary>
/// Looks at a shared object before the system's loader maps it: a file that ends before its segments do would not fail to load but kill the
/// process at the first access beyond its end.
/// </summary>
internal static class SharedObjectFile
{
    private const int HeaderSize = 64;
    private const int SegmentHeaderSize = 56;
    private const uint LoadedSegment = 1;

    /// <summary>
    /// Checks signature, machine, and that every segment that will be mapped lies inside the file. Reads a few hundred bytes.
    /// </summary>
    /// <exception cref="InvalidDataException">The file is truncated or of another kind.</exception>
    public static void Check(string path)
    {
        using var file = File.OpenHandle(path);
        long length = RandomAccess.GetLength(file);
        Span<byte> header = stackalloc byte[HeaderSize];
        if (RandomAccess.Read(file, header, 0) < HeaderSize || !header[..4].SequenceEqual("\u007fELF"u8))
            throw Invalid(path, "it does not start with an ELF header");
        if (header[4] != 2 || header[5] != 1 || BinaryPrimitives.ReadUInt16LittleEndian(header[18..]) != ElfImage.MachineX64)
            throw Invalid(path, "it is built for another kind of processor");

        ulong table = BinaryPrimitives.ReadUInt64LittleEndian(header[0x20..]);
        int count = BinaryPrimitives.ReadUInt16LittleEndian(header[0x38..]);
        Span<byte> segment = stackalloc byte[SegmentHeaderSize];
        for (int i = 0; i < count; i++)
        {
            ulong at = table + ((ulong)i * SegmentHeaderSize);
            if (at > (ulong)length || RandomAccess.Read(file, segment, (long)at) < SegmentHeaderSize)
                throw Invalid(path, $"it ends after {length} bytes, before its segment table does");
            ulong offset = BinaryPrimitives.ReadUInt64LittleEndian(segment[8..]);
            ulong size = BinaryPrimitives.ReadUInt64LittleEndian(segment[32..]);
            if (BinaryPrimitives.ReadUInt32LittleEndian(segment) == LoadedSegment
                && (offset > (ulong)length || size > (ulong)length - offset))
                throw Invalid(path, $"it ends after {length} bytes, expected {offset + size} or more");
        }
    }

    private static InvalidDataException Invalid(string path, string found) => new($"'{path}' is damaged: {found}.");
}
