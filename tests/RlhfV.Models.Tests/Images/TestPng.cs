using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace RlhfV.Models.Tests.Images;

/// <summary>Writes PNG pictures of every colour type and depth, which image libraries' own writers do not offer.</summary>
internal static class TestPng
{
    private static readonly byte[] Signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Columns and rows of the seven passes of an interlaced picture: start and step in x, start and step in y.</summary>
    private static readonly int[][] Passes =
        [[0, 8, 0, 8], [4, 8, 0, 8], [0, 4, 4, 8], [2, 4, 0, 4], [0, 2, 2, 4], [1, 2, 0, 2], [0, 1, 1, 2]];

    /// <summary>The number of samples per pixel of a colour type: 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha.</summary>
    public static int Channels(int colorType) => colorType switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };

    /// <summary>Encodes samples [height, width, channels] of the given depth in bits.</summary>
    public static byte[] Encode(
        int width, int height, int colorType, int depth, ReadOnlySpan<int> samples, bool interlaced = false,
        params (string Name, byte[] Data)[] chunks)
    {
        int stride = width * Channels(colorType);
        using var rows = new MemoryStream();
        using (var compressed = new ZLibStream(rows, CompressionLevel.Fastest, leaveOpen: true))
        {
            foreach (int[] pass in interlaced ? Passes : [[0, 1, 0, 1]])
            {
                for (int y = pass[2]; y < height && pass[0] < width; y += pass[3])
                {
                    compressed.Write(Row(samples.Slice(y * stride, stride), colorType, depth, pass));
                }
            }
        }

        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9], header[12]) = ((byte)depth, (byte)colorType, (byte)(interlaced ? 1 : 0));
        return [.. Signature, .. Chunk("IHDR", header), .. chunks.SelectMany(chunk => Chunk(chunk.Name, chunk.Data)),
            .. Chunk("IDAT", rows.ToArray()), .. Chunk("IEND", [])];
    }

    /// <summary>Writes correct checksums over a picture's chunks, as far as they can be followed.</summary>
    public static void FixChecksums(Span<byte> png)
    {
        for (int at = 8; at + 12 <= png.Length;)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(png[at..]);
            if (length > png.Length - at - 12)
            {
                return;
            }

            BinaryPrimitives.WriteUInt32BigEndian(png[(at + 8 + (int)length)..], Checksum(png.Slice(at + 4, (int)length + 4)));
            at += 12 + (int)length;
        }
    }

    private static byte[] Row(ReadOnlySpan<int> samples, int colorType, int depth, int[] pass)
    {
        int channels = Channels(colorType), width = samples.Length / channels;
        int count = ((width - pass[0] + pass[1] - 1) / pass[1]) * channels;
        var row = new byte[1 + (((count * depth) + 7) / 8)];
        for (int i = 0; i < count; i++)
        {
            int sample = samples[((pass[0] + (i / channels * pass[1])) * channels) + (i % channels)];
            int bit = i * depth;
            if (depth == 16)
            {
                BinaryPrimitives.WriteUInt16BigEndian(row.AsSpan(1 + (bit / 8)), (ushort)sample);
            }
            else
            {
                row[1 + (bit / 8)] |= (byte)(sample << (8 - depth - (bit % 8)));
            }
        }

        return row;
    }

    private static byte[] Chunk(string name, byte[] data)
    {
        byte[] chunk = [0, 0, 0, 0, .. Encoding.ASCII.GetBytes(name), .. data, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), Checksum(chunk.AsSpan(4, 4 + data.Length)));
        return chunk;
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint sum = uint.MaxValue;
        foreach (byte value in bytes)
        {
            sum ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                sum = (sum >> 1) ^ ((sum & 1) == 0 ? 0 : 0xEDB88320);
            }
        }

        return ~sum;
    }
}
