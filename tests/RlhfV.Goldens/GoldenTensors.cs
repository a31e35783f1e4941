using System.Buffers.Binary;
using System.Text.Json;

namespace RlhfV.Goldens;

/// <summary>
/// The tensors of one safetensors file, read with nothing but the framework, so that expectations do not pass through the reader under test.
/// </summary>
public sealed class GoldenTensors
{
    private readonly Dictionary<string, GoldenTensor> _tensors;

    private GoldenTensors(Dictionary<string, GoldenTensor> tensors) => _tensors = tensors;

    /// <summary>The tensors' names in the order of the file's header.</summary>
    public IReadOnlyCollection<string> Names => _tensors.Keys;

    /// <summary>The tensor of that name.</summary>
    /// <exception cref="KeyNotFoundException">The file has no such tensor.</exception>
    public GoldenTensor this[string name] => _tensors.TryGetValue(name, out var tensor)
        ? tensor
        : throw new KeyNotFoundException($"No tensor '{name}'; the file holds {string.Join(", ", _tensors.Keys.Take(8))}..");

    /// <summary>True when the file holds a tensor of that name.</summary>
    public bool Contains(string name) => _tensors.ContainsKey(name);

    /// <summary>Reads a file below <see cref="GoldenData.Root"/>.</summary>
    /// <param name="parts">The path's parts, for example <c>hf</c>, <c>imageproc</c>, <c>expected.safetensors</c>.</param>
    public static GoldenTensors LoadGolden(params string[] parts) => Load(GoldenData.Path(parts));

    /// <summary>Reads a file: 8 bytes header length, a JSON header, the values.</summary>
    /// <exception cref="InvalidDataException">The file is not laid out like that.</exception>
    public static GoldenTensors Load(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        ulong headerLength = file.Length < 8 ? ulong.MaxValue : BinaryPrimitives.ReadUInt64LittleEndian(file);
        if (headerLength > (ulong)(file.Length - 8))
        {
            throw new InvalidDataException($"'{path}' is no safetensors file: its header would end behind the file's end.");
        }

        using var header = JsonDocument.Parse(file.AsMemory(8, (int)headerLength));
        ReadOnlyMemory<byte> values = file.AsMemory(8 + (int)headerLength);
        var tensors = new Dictionary<string, GoldenTensor>();
        foreach (var entry in header.RootElement.EnumerateObject().Where(entry => entry.Name != "__metadata__"))
        {
            long[] shape = [.. entry.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())];
            int start = entry.Value.GetProperty("data_offsets")[0].GetInt32();
            int end = entry.Value.GetProperty("data_offsets")[1].GetInt32();
            tensors.Add(entry.Name, new GoldenTensor(entry.Name, entry.Value.GetProperty("dtype").GetString()!, shape, values[start..end]));
        }

        return new GoldenTensors(tensors);
    }
}
