using RlhfV.Models.Native;
using static TorchSharp.torch;

namespace RlhfV.Models.Checkpoints;

/// <summary>
/// The tensors of a checkpoint: one file or a sharded set, safetensors or PyTorch's zip format. Opening reads the directory only; elements
/// are read when asked for, straight into their tensors, so that memory stays near the size of what is loaded.
/// </summary>
/// <remarks>Reading from several threads is safe.</remarks>
public abstract class TensorSource : IDisposable
{
    /// <summary>The tensors by name.</summary>
    public abstract IReadOnlyDictionary<string, TensorInfo> Tensors { get; }

    /// <summary>Opens a checkpoint.</summary>
    /// <param name="folderOrFile">
    /// A folder with one of <c>model.safetensors</c>, <c>model.safetensors.index.json</c>, <c>pytorch_model.bin</c>,
    /// <c>pytorch_model.bin.index.json</c> (the first that is there), or such a file itself under any name.
    /// </param>
    /// <exception cref="FileNotFoundException">There is no such file, or the folder holds no checkpoint.</exception>
    /// <exception cref="ModelFormatException">A file is damaged or of another format.</exception>
    public static TensorSource Open(string folderOrFile)
    {
        ArgumentException.ThrowIfNullOrEmpty(folderOrFile);
        return CheckpointFormats.Open(folderOrFile);
    }

    /// <summary>The path of the file that holds a tensor.</summary>
    /// <exception cref="ArgumentException">There is no such tensor.</exception>
    public abstract string FileOf(string name);

    /// <summary>
    /// Reads a tensor into an existing one, converting between floating-point types (fp64, fp32, fp16, bf16) where they differ.
    /// Works on parameters too, without recording gradients, and on any device.
    /// </summary>
    /// <param name="name">The tensor's name.</param>
    /// <param name="destination">The tensor to fill, of exactly the stored shape.</param>
    /// <exception cref="ArgumentException">There is no such tensor, or shape or type do not fit.</exception>
    /// <exception cref="ModelFormatException">The file has become shorter or cannot be read any more.</exception>
    public abstract void ReadInto(string name, Tensor destination);

    /// <summary>Reads a tensor into a new one on the CPU.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <param name="type">The type wanted; null keeps the stored one.</param>
    /// <returns>A new tensor, in the caller's dispose scope if there is one.</returns>
    /// <exception cref="ArgumentException">There is no such tensor, or it cannot be converted to that type.</exception>
    /// <exception cref="ModelFormatException">The file has become shorter or cannot be read any more.</exception>
    public Tensor Read(string name, ScalarType? type = null)
    {
        NativeLibraries.EnsureLoaded();
        if (!Tensors.TryGetValue(name, out var info))
            throw NoSuchTensor(name);

        var tensor = empty([.. info.Shape], dtype: type ?? info.Type, device: CPU);
        try
        {
            ReadInto(name, tensor);
            return tensor;
        }
        catch
        {
            tensor.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public abstract void Dispose();

    private protected ArgumentException NoSuchTensor(string name) =>
        new($"The checkpoint has no tensor '{name}'; it has {Tensors.Count} others, such as '{Tensors.Keys.FirstOrDefault()}'.",
            nameof(name));
}
