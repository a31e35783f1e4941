using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using RlhfV.Models.Images;

namespace RlhfV.Training.Augmentation;

/// <summary>Changes pictures at random. A pure function of options, seed, picture and view.</summary>
/// <param name="options">What is changed. Not changed afterwards.</param>
/// <param name="seed">The run's seed.</param>
internal sealed class PictureAugmenter(AugmentationOptions options, int seed)
{
    private const double LargestLevel = 10;

    /// <summary>Names a view of a picture: equal names mean equal pixels within a run.</summary>
    public string Name(string picture, int view) => $"{picture}+{seed}.{view}";

    /// <summary>Makes a view of a picture.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="picture">Its name.</param>
    /// <param name="view">Number of the view.</param>
    public RgbImage Apply(RgbImage image, string picture, int view)
    {
        // A hash, not HashCode.Combine: that is salted per process, and a resumed run must see the same picture.
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(Name(picture, view)));
        var random = new Random(BinaryPrimitives.ReadInt32LittleEndian(hash));
        image = options.SmallestCrop is { } smallest ? Crop(image, smallest, random) : image;
        image = options.FlipProbability > 0 && random.NextDouble() < options.FlipProbability ? PlaceOperations.Flip(image) : image;
        for (int i = 0; i < options.OperationsPerPicture && options.Operations.Count > 0; i++)
        {
            // One more than there are: doing nothing is drawn as often as each of them.
            int drawn = random.Next(options.Operations.Count + 1);
            bool done = random.NextDouble() < options.Probability;
            bool opposite = random.Next(2) == 1;
            (double x, double y) = (random.NextDouble(), random.NextDouble());
            if (done && drawn < options.Operations.Count)
            {
                image = Do(options.Operations[drawn], image, opposite, x, y);
            }
        }

        return image;
    }

    private RgbImage Do(PictureOperation operation, RgbImage image, bool opposite, double x, double y)
    {
        double strength = options.Level / LargestLevel;
        int sign = opposite ? -1 : 1;

        // RandAugment's factor goes from 0.1 to 1.9; the opposite is as far on the other side of 1.
        double factor = strength * 1.8 + 0.1;
        factor = opposite && !options.OneDirection ? Math.Max(0, 2 - factor) : factor;
        return operation switch
        {
            PictureOperation.Brightness => ColourOperations.Brightness(image, factor),
            PictureOperation.Contrast => ColourOperations.Contrast(image, factor),
            PictureOperation.Colour => ColourOperations.Colour(image, factor),
            PictureOperation.Sharpness => ColourOperations.Sharpness(image, factor),
            PictureOperation.Posterize => ColourOperations.Posterize(image, 8 - (int)(strength * 4 + 0.5)),
            PictureOperation.Solarize => ColourOperations.Solarize(image, 256 - (int)(strength * 110)),
            PictureOperation.Equalize => ColourOperations.Equalize(image),
            PictureOperation.AutoContrast => ColourOperations.AutoContrast(image),
            PictureOperation.Rotate => PlaceOperations.Rotate(image, sign * strength * 30),
            PictureOperation.ShearX => PlaceOperations.ShearX(image, sign * strength * 0.3),
            PictureOperation.ShearY => PlaceOperations.ShearY(image, sign * strength * 0.3),
            PictureOperation.TranslateX => PlaceOperations.Translate(image, sign * strength * 10, 0),
            PictureOperation.TranslateY => PlaceOperations.Translate(image, 0, sign * strength * 10),
            PictureOperation.Cutout => PlaceOperations.Cutout(image, x * image.Width, y * image.Height, strength * 0.5 * Math.Min(image.Width, image.Height)),
            _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, $"There is no operation {operation}."),
        };
    }

    /// <summary>torchvision's RandomResizedCrop: an area share and a side ratio from 3:4 to 4:3 that fit, or all of it after ten tries.</summary>
    private static RgbImage Crop(RgbImage image, double smallest, Random random)
    {
        double area = (double)image.Width * image.Height;
        for (int attempt = 0; attempt < 10; attempt++)
        {
            double share = smallest + random.NextDouble() * (1 - smallest);
            double ratio = Math.Exp((random.NextDouble() * 2 - 1) * Math.Log(4.0 / 3));
            double width = Math.Sqrt(area * share * ratio), height = Math.Sqrt(area * share / ratio);
            if (width <= image.Width && height <= image.Height)
            {
                return PlaceOperations.Crop(
                    image, random.NextDouble() * (image.Width - width), random.NextDouble() * (image.Height - height), width, height);
            }
        }

        return image;
    }
}
