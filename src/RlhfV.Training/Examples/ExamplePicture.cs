using System.Runtime.InteropServices;
using System.Security.Cryptography;
using RlhfV.Models;
using RlhfV.Models.Images;
using RlhfV.Training.Augmentation;

namespace RlhfV.Training.Examples;

/// <summary>A picture of an example: known by what the vision tower sees of it, preprocessed when it is needed.</summary>
public sealed class ExamplePicture
{
    private readonly Func<ProcessedImage> _process;
    private readonly Func<Func<RgbImage, RgbImage>, ProcessedImage>? _change;

    /// <summary>Makes a picture.</summary>
    /// <param name="key">Names the content; equal keys mean equal pixels.</param>
    /// <param name="process">Decodes and preprocesses the picture; may be called more than once.</param>
    public ExamplePicture(string key, Func<ProcessedImage> process)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentNullException.ThrowIfNull(process);
        (Key, _process) = (key, process);
    }

    private ExamplePicture(string key, Func<ProcessedImage> process, Func<Func<RgbImage, RgbImage>, ProcessedImage> change)
        : this(key, process) => _change = change;

    /// <summary>Names the content; equal keys mean equal pixels.</summary>
    public string Key { get; }

    /// <summary>
    /// Makes a picture whose key is the hash of its preprocessed pixels, so that a change of preprocessing changes it as well.
    /// </summary>
    /// <param name="pixels">The pixels that <paramref name="processor"/> gives.</param>
    /// <param name="source">Where the picture can be decoded again.</param>
    /// <param name="processor">Preprocesses it.</param>
    public static ExamplePicture FromPixels(ProcessedImage pixels, ImageSource source, ImageProcessor processor)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(processor);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MemoryMarshal.AsBytes<long>(pixels.Shape));
        hash.AppendData(MemoryMarshal.AsBytes<int>([pixels.Grid.Frames, pixels.Grid.Rows, pixels.Grid.Columns]));
        hash.AppendData(MemoryMarshal.AsBytes<float>(pixels.Values));
        return new ExamplePicture(
            Convert.ToHexStringLower(hash.GetHashAndReset()),
            () => processor.Process(source),
            change => processor.Process(change(source.Decode(processor.Decoding))));
    }

    /// <summary>Decodes and preprocesses the picture.</summary>
    public ProcessedImage Process() => _process();

    /// <summary>The picture as an epoch shows it. Its key names the view, so that nothing that was computed from another one is used.</summary>
    /// <param name="augmenter">Changes pictures.</param>
    /// <param name="view">Number of the view.</param>
    /// <exception cref="InvalidOperationException">The picture was made from preprocessed pixels alone.</exception>
    internal ExamplePicture See(PictureAugmenter augmenter, int view)
    {
        Func<Func<RgbImage, RgbImage>, ProcessedImage> change = _change ?? throw new InvalidOperationException(
            "A picture that is known by its preprocessed pixels alone cannot be augmented; encode examples with an encoder.");
        return new ExamplePicture(augmenter.Name(Key, view), () => change(image => augmenter.Apply(image, Key, view)));
    }
}
