using RlhfV.Models.Native;
using static TorchSharp.torch;

namespace RlhfV.Models.Checkpoints;

/// <summary>Reads and writes single safetensors files (https://github.com/huggingface/safetensors, section "Format").</summary>
public static class Safetensors
{
    /// <summary>Opens a safetensors file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="ModelFormatException">The file is damaged or no safetensors file.</exception>
    public static TensorSource Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var file = CheckpointFile.Open(path);
        try
        {
            return new StoredTensorSource(SafetensorsHeader.Read(file), [file]);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Writes tensors to a file in the types that they have. The file appears when it is whole; an existing one is replaced then.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="tensors">Names and tensors, on any device, of any strides.</param>
    /// <param name="metadata">Text entries for the header, for example <c>format</c>: <c>pt</c>; null for none.</param>
    /// <exception cref="ArgumentException">A name is empty, reserved or given twice.</exception>
    /// <exception cref="NotSupportedException">A tensor is complex or quantised.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save(
        string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(tensors);
        NativeLibraries.EnsureLoaded();
        var items = SavedTensor.List(tensors, storeAs: null);
        using var output = new PendingFiles(Path.GetDirectoryName(Path.GetFullPath(path))!);
        SafetensorsWriter.Write(output.Add(Path.GetFileName(path)), items, metadata);
        output.Commit();
    }
}
