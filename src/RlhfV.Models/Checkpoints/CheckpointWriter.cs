using System.Text.Json;
using RlhfV.Models.Native;
using static TorchSharp.torch;

namespace RlhfV.Models.Checkpoints;

/// <summary>Writes the weights of a model in the Hugging Face layout, which the Python libraries load.</summary>
public static class CheckpointWriter
{
    private static readonly Dictionary<string, string> Metadata = new() { ["format"] = "pt" };

    /// <summary>
    /// Writes <c>model.safetensors</c>, or shards <c>model-00001-of-0000N.safetensors</c> with <c>model.safetensors.index.json</c> when the
    /// weights exceed <paramref name="maxShardBytes"/>. Files get their names when all are whole; files of a former checkpoint of the other
    /// kind are then removed, because loaders would prefer or mix them.
    /// </summary>
    /// <param name="folder">The folder; made if absent. Other files in it stay.</param>
    /// <param name="tensors">Names and tensors, on any device.</param>
    /// <param name="storeAs">
    /// The floating-point type in which floating-point tensors are stored; null keeps theirs. Others keep their type.
    /// </param>
    /// <param name="maxShardBytes">
    /// The most bytes of tensors in one file; a larger tensor gets a file of its own. The default is 5 GiB.
    /// </param>
    /// <exception cref="ArgumentException">
    /// A name is empty, reserved or given twice, or <paramref name="storeAs"/> is no floating-point type.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxShardBytes"/> is not positive.</exception>
    /// <exception cref="NotSupportedException">A tensor is complex or quantised.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public static void Save(
        string folder, IEnumerable<KeyValuePair<string, Tensor>> tensors, ScalarType? storeAs = null, long maxShardBytes = 5L << 30)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(tensors);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxShardBytes);
        NativeLibraries.EnsureLoaded();

        folder = Path.GetFullPath(folder);
        var shards = Split(SavedTensor.List(tensors, storeAs), maxShardBytes);
        var written = new HashSet<string>(StringComparer.Ordinal);
        using (var output = new PendingFiles(folder))
        {
            for (int i = 0; i < shards.Count; i++)
            {
                string name = shards.Count == 1 ? CheckpointNames.Single : CheckpointNames.Shard(i + 1, shards.Count);
                SafetensorsWriter.Write(output.Add(name), shards[i], Metadata);
                written.Add(name);
            }

            if (shards.Count > 1)
            {
                WriteIndex(output.Add(CheckpointNames.Index), shards);
                written.Add(CheckpointNames.Index);
            }

            output.Commit();
        }

        RemoveFormer(folder, written);
    }

    private static List<List<SavedTensor>> Split(IReadOnlyList<SavedTensor> tensors, long most)
    {
        List<List<SavedTensor>> shards = [[]];
        long filled = 0;
        foreach (var tensor in tensors)
        {
            long bytes = tensor.Info.ByteCount;
            if (shards[^1].Count > 0 && bytes > most - filled)
            {
                shards.Add([]);
                filled = 0;
            }

            shards[^1].Add(tensor);
            filled += bytes;
        }

        return shards;
    }

    private static void WriteIndex(string path, List<List<SavedTensor>> shards)
    {
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        using (var json = new Utf8JsonWriter(file, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteStartObject("metadata");
            json.WriteNumber("total_size", shards.Sum(s => s.Sum(t => t.Info.ByteCount)));
            json.WriteEndObject();
            json.WriteStartObject("weight_map");
            var places = shards.SelectMany((shard, i) =>
                shard.Select(t => (t.Info.Name, File: CheckpointNames.Shard(i + 1, shards.Count))));
            foreach (var (name, shard) in places.OrderBy(p => p.Name, StringComparer.Ordinal))
                json.WriteString(name, shard);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        file.Flush(flushToDisk: true);
    }

    private static void RemoveFormer(string folder, HashSet<string> written)
    {
        foreach (string path in Directory.GetFiles(folder))
        {
            string name = Path.GetFileName(path);
            if (!written.Contains(name) && (name is CheckpointNames.Single or CheckpointNames.Index || CheckpointNames.IsShard(name)))
                File.Delete(path);
        }
    }
}
