using System.Buffers.Binary;
using System.Text.Json;

namespace RlhfV.Models.Checkpoints;

/// <summary>
/// Reads the header of a safetensors file: its length in 8 bytes, then JSON that gives each tensor's type, shape and place. The rules are
/// those of the reference implementation: the tensors fill the rest of the file without gaps or overlaps.
/// </summary>
internal static class SafetensorsHeader
{
    private const int LengthBytes = 8;

    // The reference implementation's limit.
    private const long MostBytes = 100_000_000;

    // More dimensions than libtorch handles everywhere.
    private const int MostDimensions = 64;

    /// <summary>The tensors of a file.</summary>
    /// <exception cref="ModelFormatException">The file is damaged or no safetensors file.</exception>
    public static IReadOnlyDictionary<string, StoredTensor> Read(CheckpointFile file)
    {
        byte[] prefix = file.ReadPart(0, LengthBytes, LengthBytes, "header length of a safetensors file");
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > long.MaxValue)
            throw Invalid(file, $"its header would take {length} bytes, but the file has {file.Length}");
        byte[] json = file.ReadPart(LengthBytes, (long)length, MostBytes, "header of a safetensors file");

        List<Entry> entries;
        try
        {
            entries = Parse(json, file);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new ModelFormatException($"'{file.Path}' is not a safetensors file: its header is not valid JSON ({e.Message}).", e);
        }

        return Place(entries, LengthBytes + (long)length, file);
    }

    private static List<Entry> Parse(ReadOnlySpan<byte> json, CheckpointFile file)
    {
        var entries = new List<Entry>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var reader = new Utf8JsonReader(json);
        Expect(ref reader, JsonTokenType.StartObject, file, "the header");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            if (!names.Add(name))
                throw Invalid(file, $"its header has '{name}' twice");
            Expect(ref reader, JsonTokenType.StartObject, file, $"'{name}'");
            if (name == "__metadata__")
                reader.Skip();
            else
                entries.Add(ParseEntry(ref reader, name, file));
        }

        // Reads on to the end, so that trailing garbage (other than the blanks that align the data) is noticed.
        while (reader.Read())
        {
        }

        return entries;
    }

    private static Entry ParseEntry(ref Utf8JsonReader reader, string name, CheckpointFile file)
    {
        string? type = null;
        long[]? shape = null, place = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = reader.GetString()!;
            switch (key)
            {
                case "dtype" when type is null:
                    Expect(ref reader, JsonTokenType.String, file, $"the dtype of '{name}'");
                    type = reader.GetString();
                    break;
                case "shape" when shape is null:
                    shape = ParseNumbers(ref reader, file, $"the shape of '{name}'");
                    break;
                case "data_offsets" when place is null:
                    place = ParseNumbers(ref reader, file, $"the data_offsets of '{name}'");
                    break;
                default:
                    throw Invalid(file, $"'{name}' has an unexpected or repeated entry '{key}'");
            }
        }

        if (type is null || shape is null || place is not [var begin, var end])
            throw Invalid(file, $"'{name}' lacks dtype, shape or two data_offsets");
        var element = ElementTypes.FromSafetensors(type) ?? throw new ModelFormatException(
            $"'{file.Path}': '{name}' has the dtype '{type}'; expected one of {ElementTypes.SafetensorsNames}. "
            + "Weights in other types, 8-bit floating point among them, are not supported: load the model in fp32, fp16 or bf16, or save it again in one.");
        return new Entry(new TensorInfo(name, element, shape), begin, end);
    }

    private static long[] ParseNumbers(ref Utf8JsonReader reader, CheckpointFile file, string what)
    {
        Expect(ref reader, JsonTokenType.StartArray, file, what);
        var numbers = new List<long>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out long number) || number < 0)
                throw Invalid(file, $"{what} holds something else than whole numbers from 0 on");
            if (numbers.Count == MostDimensions)
                throw Invalid(file, $"{what} has more than {MostDimensions} numbers");
            numbers.Add(number);
        }

        return [.. numbers];
    }

    private static Dictionary<string, StoredTensor> Place(List<Entry> entries, long dataStart, CheckpointFile file)
    {
        long ends = entries.Count == 0 ? 0 : entries.Max(e => e.End);
        if (ends > file.Length - dataStart)
            throw Invalid(file, $"its header speaks of {ends} bytes of tensors, but only {file.Length - dataStart} are there");

        long filled = 0;
        // Tensors without elements take no place: sorting by the end too puts them before the one that begins there.
        foreach (var entry in entries.OrderBy(e => e.Begin).ThenBy(e => e.End))
        {
            string name = entry.Info.Name;
            if (entry.Begin != filled || entry.End < entry.Begin)
                throw Invalid(file,
                    $"'{name}' lies at bytes {entry.Begin} to {entry.End} of {file.Length - dataStart}, expected it to begin at {filled}");
            if (!TensorShape.TryByteCount(entry.Info, out long bytes) || bytes != entry.End - entry.Begin)
                throw Invalid(file,
                    $"'{name}' is {entry.Info.Type} [{string.Join(", ", entry.Info.Shape)}], but takes {entry.End - entry.Begin} bytes");
            filled = entry.End;
        }

        if (filled != file.Length - dataStart)
            throw Invalid(file, $"its tensors take {filled} bytes, but the file has {file.Length - dataStart} for them");
        return entries.ToDictionary(e => e.Info.Name, e => new StoredTensor(e.Info, file, dataStart + e.Begin), StringComparer.Ordinal);
    }

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType token, CheckpointFile file, string what)
    {
        if (!reader.Read() || reader.TokenType != token)
            throw Invalid(file, $"{what} is {reader.TokenType}, expected {token}");
    }

    private static ModelFormatException Invalid(CheckpointFile file, string found) =>
        new($"'{file.Path}' is not a usable safetensors file: {found}. It may be damaged or truncated; fetch or copy it again.");

    private readonly record struct Entry(TensorInfo Info, long Begin, long End);
}
