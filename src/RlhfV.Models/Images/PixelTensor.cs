using static TorchSharp.torch;

namespace RlhfV.Models.Images;

/// <summary>Preprocessed pictures as one tensor.</summary>
public static class PixelTensor
{
    /// <summary>Stacks pictures of equal shape.</summary>
    /// <param name="images">At least one picture.</param>
    /// <param name="device">Where the tensor shall live.</param>
    /// <returns>fp32, <c>[images, ..shape of one]</c>.</returns>
    /// <exception cref="ArgumentException">The pictures differ in shape or in how they were divided.</exception>
    public static Tensor Stack(IReadOnlyList<ProcessedImage> images, Device device)
    {
        long[] shape = images[0].Shape;
        int size = images[0].Values.Length;
        var values = new float[size * images.Count];
        for (int i = 0; i < images.Count; i++)
        {
            if (!images[i].Shape.AsSpan().SequenceEqual(shape))
            {
                throw new ArgumentException(
                    $"Picture {i} has shape [{string.Join(", ", images[i].Shape)}], picture 0 [{string.Join(", ", shape)}]; expected equal shapes.",
                    nameof(images));
            }

            if (images[i].Grid != images[0].Grid)
            {
                throw new ArgumentException(
                    $"Picture {i} was divided as {images[i].Grid}, picture 0 as {images[0].Grid}; expected equal grids.", nameof(images));
            }

            images[i].Values.CopyTo(values, i * size);
        }

        return tensor(values, [images.Count, .. shape], device: device);
    }
}
