using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using static TorchSharp.torch;

namespace RlhfV.Models.Checkpoints;

/// <summary>Writes a safetensors file: header length, header, and the elements in small parts.</summary>
internal static class SafetensorsWriter
{
    private const int PartBytes = 16 << 20;

    /// <summary>Writes the file and flushes it to the disk.</summary>
    public static void Write(string path, IReadOnlyList<SavedTensor> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        file.Write(Header(tensors, metadata));
        foreach (var tensor in tensors)
            Write(file, tensor);
        file.Flush(flushToDisk: true);
    }

    private static byte[] Header(IReadOnlyList<SavedTensor> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (metadata is not null)
            {
                json.WriteStartObject("__metadata__");
                foreach (var (key, value) in metadata)
                    json.WriteString(key, value);
                json.WriteEndObject();
            }

            long offset = 0;
            foreach (var (info, _) in tensors)
            {
                json.WriteStartObject(info.Name);
                json.WriteString("dtype", ElementTypes.SafetensorsName(info.Type));
                WriteNumbers(json, "shape", info.Shape);
                WriteNumbers(json, "data_offsets", [offset, offset + info.ByteCount]);
                json.WriteEndObject();
                offset += info.ByteCount;
            }

            json.WriteEndObject();
        }

        // Blanks after the JSON make the data begin at a multiple of 8.
        int length = (buffer.WrittenCount + 7) / 8 * 8;
        byte[] header = new byte[8 + length];
        header.AsSpan().Fill((byte)' ');
        BinaryPrimitives.WriteInt64LittleEndian(header, length);
        buffer.WrittenSpan.CopyTo(header.AsSpan(8));
        return header;
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, IEnumerable<long> numbers)
    {
        json.WriteStartArray(name);
        foreach (long number in numbers)
            json.WriteNumberValue(number);
        json.WriteEndArray();
    }

    private static void Write(FileStream file, SavedTensor saved)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var flat = saved.Tensor.contiguous().view(-1);
        long count = flat.shape[0];
        long most = PartBytes / ElementTypes.Size(saved.Info.Type);
        for (long start = 0; start < count; start += most)
        {
            using var part = NewDisposeScope();
            file.Write(flat.narrow(0, start, Math.Min(most, count - start)).to(saved.Info.Type).cpu().bytes);
        }
    }
}
