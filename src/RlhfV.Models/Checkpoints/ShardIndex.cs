using System.Text.Json;

namespace RlhfV.Models.Checkpoints;

/// <summary>
/// Reads the index of a sharded checkpoint, <c>{"metadata": {..}, "weight_map": {NAME: FILE, ..}}</c>, and opens its shards.
/// </summary>
internal static class ShardIndex
{
    private const long MostBytes = 100_000_000;

    // A message with all of them would be longer than a screen.
    private const int MostNamed = 20;

    /// <summary>Opens the shards of an index.</summary>
    /// <exception cref="ModelFormatException">The index is damaged, or a shard is missing, damaged or lacks a tensor.</exception>
    public static TensorSource Open(string path)
    {
        var map = ReadMap(path);
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        RequireShards(path, folder, [.. map.Values.Distinct()]);
        var files = new List<CheckpointFile>();
        try
        {
            var tensors = new Dictionary<string, StoredTensor>(StringComparer.Ordinal);
            var absent = new List<string>();
            foreach (var shard in map.GroupBy(m => m.Value, m => m.Key))
            {
                var directory = OpenShard(path, folder, shard.Key, files);
                foreach (string name in shard)
                {
                    if (directory.TryGetValue(name, out var tensor))
                        tensors.Add(name, tensor);
                    else
                        absent.Add($"'{name}' in '{shard.Key}'");
                }
            }

            return absent.Count == 0
                ? new StoredTensorSource(tensors, files)
                : throw new ModelFormatException(
                    $"'{path}' names {absent.Count} tensors that its shards do not hold: "
                    + $"{string.Join(", ", absent.Take(MostNamed))}{(absent.Count > MostNamed ? ", .." : "")}. Fetch the checkpoint again.");
        }
        catch
        {
            files.ForEach(f => f.Dispose());
            throw;
        }
    }

    /// <summary>Says at once which shards are missing: each is a download of gigabytes.</summary>
    private static void RequireShards(string index, string folder, string[] shards)
    {
        // An index from elsewhere must not reach out of its folder.
        if (Array.Find(shards, s => s.Length == 0 || s is "." or ".." || s.AsSpan().ContainsAny("/\\:\0")) is { } outside)
            throw new ModelFormatException($"'{index}' names the shard '{outside}', expected the name of a file beside it.");

        string[] absent = [.. shards.Where(shard => !File.Exists(Path.Combine(folder, shard)))];
        if (absent.Length > 0)
            throw new ModelFormatException(
                $"'{index}' names {shards.Length} shards, of which {absent.Length} are not beside it: "
                + $"{string.Join(", ", absent.Take(MostNamed).Select(shard => $"'{shard}'"))}{(absent.Length > MostNamed ? ", .." : "")}. "
                + "Fetch them from where the model was published.");
    }

    private static IReadOnlyDictionary<string, StoredTensor> OpenShard(
        string index, string folder, string shard, List<CheckpointFile> files)
    {
        try
        {
            files.Add(CheckpointFile.Open(Path.Combine(folder, shard)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelFormatException($"'{index}' names the shard '{shard}', which cannot be opened: {e.Message}", e);
        }

        return CheckpointFormats.ReadDirectory(files[^1]);
    }

    private static Dictionary<string, string> ReadMap(string path)
    {
        using var file = CheckpointFile.Open(path);
        byte[] text = file.ReadPart(0, file.Length, MostBytes, "index");
        try
        {
            using var json = JsonDocument.Parse(text);
            if (json.RootElement.ValueKind != JsonValueKind.Object
                || !json.RootElement.TryGetProperty("weight_map", out var weights) || weights.ValueKind != JsonValueKind.Object)
                throw new ModelFormatException($"'{path}' has no object 'weight_map', so it is not the index of a sharded checkpoint.");

            var map = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var entry in weights.EnumerateObject())
            {
                if (entry.Value.ValueKind != JsonValueKind.String)
                    throw new ModelFormatException(
                        $"'{path}': the weight_map gives '{entry.Name}' as {entry.Value.ValueKind}, expected a file name.");
                if (!map.TryAdd(entry.Name, entry.Value.GetString()!))
                    throw new ModelFormatException($"'{path}': the weight_map has '{entry.Name}' twice.");
            }

            return map;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new ModelFormatException($"'{path}' is not valid JSON: {e.Message}", e);
        }
    }
}
