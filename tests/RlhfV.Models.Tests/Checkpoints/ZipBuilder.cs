using System.Buffers.Binary;
using System.Text;

namespace RlhfV.Models.Tests.Checkpoints;

/// <summary>Writes uncompressed zip archives, with 64-bit records if wanted, as PyTorch does.</summary>
internal static class ZipBuilder
{
    public static byte[] Build(IEnumerable<(string Name, byte[] Content)> entries, bool wide = false, ushort method = 0)
    {
        using var file = new MemoryStream();
        using var directory = new MemoryStream();
        int count = 0;
        foreach (var (name, content) in entries)
        {
            byte[] nameBytes = Encoding.UTF8.GetBytes(name);
            long header = file.Position;
            uint length = (uint)content.Length;
            file.Write([.. U32(0x04034b50), .. U16(45), .. U16(0), .. U16(method), .. U32(0), .. U32(0), .. U32(length), .. U32(length)]);
            // PyTorch pads each entry through the extra field so that data begins at a multiple of 64.
            byte[] padding = new byte[Padding(header + 30 + nameBytes.Length)];
            BinaryPrimitives.WriteUInt16LittleEndian(padding, 0x4246);
            BinaryPrimitives.WriteUInt16LittleEndian(padding.AsSpan(2), (ushort)(padding.Length - 4));
            file.Write([.. U16((ushort)nameBytes.Length), .. U16((ushort)padding.Length), .. nameBytes, .. padding, .. content]);

            // A field of another kind in front, which readers must skip.
            byte[] extra = wide ? [.. U16(7), .. U16(2), 1, 2, .. U16(1), .. U16(24), .. U64(length), .. U64(length), .. U64(header)] : [];
            directory.Write(
            [
                .. U32(0x02014b50), .. U16(45), .. U16(45), .. U16(0), .. U16(method), .. U32(0), .. U32(0),
                .. U32(wide ? uint.MaxValue : (uint)content.Length), .. U32(wide ? uint.MaxValue : (uint)content.Length),
                .. U16((ushort)nameBytes.Length), .. U16((ushort)extra.Length), .. U16(0), .. U16(0), .. U16(0), .. U32(0),
                .. U32(wide ? uint.MaxValue : (uint)header), .. nameBytes, .. extra,
            ]);
            count++;
        }

        long start = file.Position;
        directory.WriteTo(file);
        long end = file.Position;
        if (wide)
        {
            file.Write([.. U32(0x06064b50), .. U64(44), .. U16(45), .. U16(45), .. U32(0), .. U32(0)]);
            file.Write([.. U64(count), .. U64(count), .. U64(directory.Length), .. U64(start)]);
            file.Write([.. U32(0x07064b50), .. U32(0), .. U64(end), .. U32(1)]);
        }

        ushort entryCount = wide ? ushort.MaxValue : (ushort)count;
        file.Write(
        [
            .. U32(0x06054b50), .. U16(0), .. U16(0), .. U16(entryCount), .. U16(entryCount),
            .. U32(wide ? uint.MaxValue : (uint)directory.Length), .. U32(wide ? uint.MaxValue : (uint)start), .. U16(0),
        ]);
        return file.ToArray();
    }

    private static int Padding(long position) => 4 + (int)((64 - ((position + 4) % 64)) % 64);

    private static byte[] U16(ushort value) => BitConverter.GetBytes(value);

    private static byte[] U32(uint value) => BitConverter.GetBytes(value);

    private static byte[] U64(long value) => BitConverter.GetBytes(value);
}
