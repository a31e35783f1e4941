using System.Runtime.InteropServices;
using System.Security.Cryptography;
using RlhfV.Models.Images;

namespace RlhfV.Training.Examples;

/// <summary>A picture of an example: known by what the vision tower sees of it, preprocessed when it is needed.</summary>
public sealed class ExamplePicture
{
    private readonly Func<ProcessedImage> _process;

    /// <summary>Makes a picture.</summary>
    /// <param name="key">Names the content; equal keys mean equal pixels.</param>
    /// <param name="process">Decodes and preprocesses the picture; may be called more than once.</param>
    public ExamplePicture(string key, Func<ProcessedImage> process)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentNullException.ThrowIfNull(process);
        (Key, _process) = (key, process);
    }

    /// <summary>Names the content; equal keys mean equal pixels.</summary>
    public string Key { get; }

    /// <summary>
    /// Makes a picture whose key is the hash of its preprocessed pixels, so that a change of preprocessing changes it as well.
    /// </summary>
    /// <param name="pixels">The pixels that <paramref name="process"/> gives.</param>
    /// <param name="process">Decodes and preprocesses the picture again.</param>
    public static ExamplePicture FromPixels(ProcessedImage pixels, Func<ProcessedImage> process)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MemoryMarshal.AsBytes<long>(pixels.Shape));
        hash.AppendData(MemoryMarshal.AsBytes<int>([pixels.Grid.Frames, pixels.Grid.Rows, pixels.Grid.Columns]));
        hash.AppendData(MemoryMarshal.AsBytes<float>(pixels.Values));
        return new ExamplePicture(Convert.ToHexStringLower(hash.GetHashAndReset()), process);
    }

    /// <summary>Decodes and preprocesses the picture.</summary>
    public ProcessedImage Process() => _process();
}
