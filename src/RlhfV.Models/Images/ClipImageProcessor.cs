using System.Text.Json;

namespace RlhfV.Models.Images;

/// <summary>
/// The processing of CLIP, and of LLaVA with it (transformers <c>CLIPImageProcessor</c> and <c>LlavaImageProcessor</c>): pad to a square if
/// asked, resize the shortest edge, cut the middle, rescale, normalise.
/// </summary>
public sealed class ClipImageProcessor : ImageProcessor
{
    /// <summary>The largest canvas that padding may make: what padding leaves of a picture one pixel high is of no use to a model.</summary>
    private const long MaxCanvas = 1L << 28;

    private readonly PixelNormalization _normalization;
    private readonly RgbColor _padColor;

    /// <summary>Makes a processor.</summary>
    /// <param name="options">The settings; null for CLIP's.</param>
    /// <exception cref="ArgumentException">A size is less than 1, or mean and deviation are not three numbers each.</exception>
    public ClipImageProcessor(ClipImageProcessorOptions? options = null)
    {
        Options = options ?? new();
        Check(Options);
        _normalization = new PixelNormalization(Options.RescaleFactor, Options.Mean, Options.Std);
        _padColor = Options.PadColor ?? (Options.Mean is { } mean
            ? new RgbColor((byte)(mean[0] * 255), (byte)(mean[1] * 255), (byte)(mean[2] * 255))
            : default);
    }

    /// <summary>The settings.</summary>
    public ClipImageProcessorOptions Options { get; }

    internal static ClipImageProcessor FromSettings(ImageProcessorSettings settings)
    {
        // Settings of before 2023 write sizes as bare numbers: the shortest edge, and the edge of a square crop.
        bool exact = settings.Has("size") && !settings.IsNumber("size") && settings.Count("size", "shortest_edge") is null;
        int shortest = (settings.IsNumber("size") ? settings.Count("size") : settings.Count("size", "shortest_edge")) ?? 224;
        bool resize = settings.Flag("do_resize", true), normalize = settings.Flag("do_normalize", true);
        return new ClipImageProcessor(new()
        {
            ShortestEdge = resize && !exact ? shortest : null,
            Size = resize && exact ? settings.Size("size") : null,
            CropSize = settings.Flag("do_center_crop", true) ? settings.Size("crop_size") ?? new ImageSize(224, 224) : null,
            PadToSquare = settings.Flag("do_pad", false),
            Filter = settings.Filter(ResamplingFilter.Bicubic),
            RescaleFactor = settings.Flag("do_rescale", true) ? settings.Number("rescale_factor", 1.0 / 255) : null,
            Mean = normalize ? settings.Channels("image_mean", ClipImageProcessorOptions.ClipMean) : null,
            Std = normalize ? settings.Channels("image_std", ClipImageProcessorOptions.ClipStd, divisor: true) : null,
        });
    }

    /// <inheritdoc/>
    protected override ProcessedImage Process(RgbImage image, string name)
    {
        image = Options.PadToSquare ? PadToSquare(image, name) : image;
        var size = ResizedSize(image);
        var crop = Options.CropSize ?? size;

        // Where the crop lies in the resized picture, rounded down; negative where the crop is larger.
        int left = (size.Width - crop.Width) >> 1, top = (size.Height - crop.Height) >> 1;
        var region = new ImageRegion(
            Math.Max(left, 0), Math.Max(top, 0), Math.Min(size.Width, crop.Width), Math.Min(size.Height, crop.Height));
        image = ImageResampler.ResizeRegion(image, size.Width, size.Height, Options.Filter, region);
        if (left < 0 || top < 0)
        {
            image = Place(image, crop, Math.Max(-left, 0), Math.Max(-top, 0), default);
        }

        var values = new float[3 * crop.Width * crop.Height];
        _normalization.Write(image, values);
        return new ProcessedImage { Values = values, Shape = [3, crop.Height, crop.Width] };
    }

    /// <inheritdoc/>
    protected override void WriteSettings(Utf8JsonWriter writer)
    {
        writer.WriteString("image_processor_type", Options.PadToSquare ? "LlavaImageProcessor" : "CLIPImageProcessor");
        writer.WriteBoolean("do_resize", Options.ShortestEdge is not null || Options.Size is not null);
        if (Options.ShortestEdge is { } shortest)
        {
            writer.WriteStartObject("size");
            writer.WriteNumber("shortest_edge", shortest);
            writer.WriteEndObject();
        }
        else if (Options.Size is { } exact)
        {
            ImageProcessorSettings.WriteSize(writer, "size", exact);
        }

        writer.WriteNumber("resample", (int)Options.Filter);
        writer.WriteBoolean("do_center_crop", Options.CropSize is not null);
        if (Options.CropSize is { } crop)
        {
            ImageProcessorSettings.WriteSize(writer, "crop_size", crop);
        }

        if (Options.PadToSquare)
        {
            writer.WriteBoolean("do_pad", true);
        }

        writer.WriteBoolean("do_convert_rgb", true);
        ImageProcessorSettings.WriteLevels(writer, Options.RescaleFactor, Options.Mean, Options.Std);
    }

    private static void Check(ClipImageProcessorOptions options)
    {
        foreach (int edge in (ReadOnlySpan<int>)[
            options.ShortestEdge ?? 1, options.Size?.Width ?? 1, options.Size?.Height ?? 1, options.CropSize?.Width ?? 1, options.CropSize?.Height ?? 1])
        {
            if (edge is < 1 or > ImageDecodeOptions.MaxEdge)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(options), edge, $"Sizes must be from 1 to {ImageDecodeOptions.MaxEdge} pixels.");
            }
        }

        if (options.Mean is { Count: not 3 } || options.Std is { Count: not 3 } || (options.Mean is null) != (options.Std is null))
        {
            throw new ArgumentException(
                $"{nameof(options.Mean)} and {nameof(options.Std)} must hold three numbers each, or both be null.", nameof(options));
        }
    }

    /// <summary>The long edge is <c>int(short' * long / short)</c>: exact whole numbers up to one division in double precision.</summary>
    private ImageSize ResizedSize(RgbImage image)
    {
        if (Options.ShortestEdge is not { } edge)
        {
            return Options.Size ?? new ImageSize(image.Width, image.Height);
        }

        int shortest = Math.Min(image.Width, image.Height), longest = Math.Max(image.Width, image.Height);
        int length = checked((int)((double)((long)edge * longest) / shortest));
        return image.Width <= image.Height ? new ImageSize(edge, length) : new ImageSize(length, edge);
    }

    private RgbImage PadToSquare(RgbImage image, string name)
    {
        int edge = Math.Max(image.Width, image.Height);
        if (image.Width == image.Height)
        {
            return image;
        }

        return (long)edge * edge <= MaxCanvas
            ? Place(image, new ImageSize(edge, edge), (edge - image.Width) / 2, (edge - image.Height) / 2, _padColor)
            : throw new ImageFormatException(
                $"'{name}' has {image.Width}x{image.Height} pixels; padded to a square it would have {(long)edge * edge:N0}, expected at most {MaxCanvas:N0}.");
    }

    private static RgbImage Place(RgbImage image, ImageSize canvas, int left, int top, RgbColor color)
    {
        var pixels = new byte[3 * canvas.Width * canvas.Height];
        if (color != default)
        {
            for (int i = 0; i < pixels.Length; i += 3)
            {
                (pixels[i], pixels[i + 1], pixels[i + 2]) = (color.Red, color.Green, color.Blue);
            }
        }

        int stride = 3 * image.Width;
        for (int y = 0; y < image.Height; y++)
        {
            image.Pixels.Slice(y * stride, stride).CopyTo(pixels.AsSpan(3 * (((top + y) * canvas.Width) + left)));
        }

        return new RgbImage(canvas.Width, canvas.Height, pixels);
    }
}
