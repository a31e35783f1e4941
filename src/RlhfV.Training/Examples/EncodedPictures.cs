using RlhfV.Models;
using RlhfV.Models.Images;

namespace RlhfV.Training.Examples;

/// <summary>The pictures of one example while it is encoded.</summary>
internal sealed class EncodedPictures
{
    /// <summary>Decodes and preprocesses pictures.</summary>
    /// <param name="sources">The pictures, in order.</param>
    /// <param name="processor">Preprocesses them.</param>
    /// <exception cref="ImageFormatException">One cannot be read.</exception>
    /// <exception cref="IOException">A file is missing.</exception>
    public EncodedPictures(ImageSource[] sources, ImageProcessor processor)
    {
        Sources = sources;
        Pixels = [.. sources.Select(processor.Process)];
        Pictures = [.. sources.Zip(Pixels, (source, seen) => ExamplePicture.FromPixels(seen, source, processor))];
    }

    /// <summary>Where they come from.</summary>
    public ImageSource[] Sources { get; }

    /// <summary>What the vision tower sees of them.</summary>
    public ProcessedImage[] Pixels { get; }

    /// <summary>What an encoded example keeps of them.</summary>
    public ExamplePicture[] Pictures { get; }

    /// <summary>Tells each picture with its pixels.</summary>
    public void Offer(Action<ExamplePicture, ProcessedImage>? onPicture)
    {
        foreach ((ExamplePicture picture, ProcessedImage pixels) in Pictures.Zip(Pixels))
        {
            onPicture?.Invoke(picture, pixels);
        }
    }
}
