using System.Text.Json;

namespace RlhfV.Models.Images;

/// <summary>
/// The processing of Qwen2-VL and Qwen2.5-VL (transformers <c>Qwen2VLImageProcessor</c>): a picture keeps its proportions and is resized so
/// that its edges are whole blocks of patches and its pixels lie between two bounds, then cut into patches.
/// </summary>
public sealed class Qwen2VlImageProcessor : ImageProcessor
{
    /// <summary>How many times its shorter edge a picture's longer edge may be.</summary>
    public const int MaxAspect = 200;

    private const long MostPixels = 1L << 27;
    private const int MostPatch = 4096;

    private readonly PixelNormalization _normalization;

    /// <summary>Makes a processor.</summary>
    /// <param name="options">The settings; null for those of Qwen2.5-VL's published folders.</param>
    /// <exception cref="ArgumentException">A size is out of range, or mean and deviation are not three numbers each.</exception>
    public Qwen2VlImageProcessor(Qwen2VlImageProcessorOptions? options = null)
    {
        Options = options ?? new();
        Check(Options);
        _normalization = new PixelNormalization(Options.RescaleFactor, Options.Mean, Options.Std);
    }

    /// <summary>The settings.</summary>
    public Qwen2VlImageProcessorOptions Options { get; }

    private int Block => Options.PatchSize * Options.MergeSize;

    /// <summary>The size to which a picture is resized.</summary>
    /// <param name="size">Its size.</param>
    /// <returns>A size of whole blocks; of an extremely long picture it can have more pixels than <see cref="Qwen2VlImageProcessorOptions.MaxPixels"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An edge is less than 1.</exception>
    /// <exception cref="ImageFormatException">The longer edge is more than 200 times the shorter, or the picture may not be resized and is no whole blocks.</exception>
    public ImageSize ResizedSize(ImageSize size) => ResizedSize(size, "picture");

    internal static Qwen2VlImageProcessor FromSettings(ImageProcessorSettings settings)
    {
        // 'size' holds the bounds under two pairs of names, each older than the other in some release; bare members come before both.
        bool normalize = settings.Flag("do_normalize", true);
        long min = settings.Pixels("min_pixels") ?? settings.Pixels("size", "shortest_edge") ?? settings.Pixels("size", "min_pixels") ?? 56 * 56;
        long max = settings.Pixels("max_pixels") ?? settings.Pixels("size", "longest_edge") ?? settings.Pixels("size", "max_pixels") ?? 1280 * 28 * 28;
        if (min > max || max > MostPixels)
        {
            string key = settings.Has("max_pixels") ? "max_pixels" : "size";
            throw settings.Refuse(key, $"the largest number of pixels to be from the smallest, {min}, to {MostPixels}");
        }

        return new Qwen2VlImageProcessor(new()
        {
            PatchSize = Side("patch_size", 14),
            TemporalPatchSize = Side("temporal_patch_size", 2),
            MergeSize = Side("merge_size", 2),
            MinPixels = min,
            MaxPixels = max,
            Resize = settings.Flag("do_resize", true),
            Filter = settings.Filter(ResamplingFilter.Bicubic),
            RescaleFactor = settings.Flag("do_rescale", true) ? settings.Number("rescale_factor", 1.0 / 255) : null,
            Mean = normalize ? settings.Channels("image_mean", ClipImageProcessorOptions.ClipMean) : null,
            Std = normalize ? settings.Channels("image_std", ClipImageProcessorOptions.ClipStd, divisor: true) : null,
        });

        int Side(string key, int absent) => settings.Count(key) switch
        {
            null => absent,
            int side and <= MostPatch => side,
            _ => throw settings.Refuse(key, $"at most {MostPatch}"),
        };
    }

    /// <inheritdoc/>
    protected override ProcessedImage Process(RgbImage image, string name)
    {
        ImageSize size = ResizedSize(new ImageSize(image.Width, image.Height), name);
        var grid = new ImageGrid(1, size.Height / Options.PatchSize, size.Width / Options.PatchSize);
        int perPatch = 3 * Options.TemporalPatchSize * Options.PatchSize * Options.PatchSize;
        long count = (long)grid.Rows * grid.Columns * perPatch;
        if (count > Array.MaxLength)
        {
            throw new ImageFormatException(
                $"'{name}' has {image.Width}x{image.Height} pixels and would become {size.Width}x{size.Height}: {count:N0} values, expected at most "
                + $"{Array.MaxLength:N0}. Lower max_pixels.");
        }

        var values = new float[count];
        Write(ImageResampler.Resize(image, size.Width, size.Height, Options.Filter), grid, perPatch, values);
        return new ProcessedImage { Values = values, Shape = [(long)grid.Rows * grid.Columns, perPatch], Grid = grid };
    }

    /// <inheritdoc/>
    protected override void WriteSettings(Utf8JsonWriter writer)
    {
        writer.WriteString("image_processor_type", "Qwen2VLImageProcessor");
        writer.WriteNumber("patch_size", Options.PatchSize);
        writer.WriteNumber("temporal_patch_size", Options.TemporalPatchSize);
        writer.WriteNumber("merge_size", Options.MergeSize);
        writer.WriteNumber("min_pixels", Options.MinPixels);
        writer.WriteNumber("max_pixels", Options.MaxPixels);
        writer.WriteBoolean("do_resize", Options.Resize);
        writer.WriteNumber("resample", (int)Options.Filter);
        writer.WriteBoolean("do_convert_rgb", true);
        ImageProcessorSettings.WriteLevels(writer, Options.RescaleFactor, Options.Mean, Options.Std);
    }

    private static void Check(Qwen2VlImageProcessorOptions options)
    {
        foreach (int side in (ReadOnlySpan<int>)[options.PatchSize, options.TemporalPatchSize, options.MergeSize])
        {
            if (side is < 1 or > MostPatch)
            {
                throw new ArgumentOutOfRangeException(nameof(options), side, $"Patch and block sizes must be from 1 to {MostPatch}.");
            }
        }

        long values = 3L * options.TemporalPatchSize * options.PatchSize * options.PatchSize, block = (long)options.PatchSize * options.MergeSize;
        if (values > Array.MaxLength || block > ImageDecodeOptions.MaxEdge)
        {
            throw new ArgumentException(
                $"A patch has {values:N0} values and a block is {block:N0} pixels wide; expected at most {Array.MaxLength:N0} and "
                + $"{ImageDecodeOptions.MaxEdge:N0}.", nameof(options));
        }

        if (options.MinPixels < 1 || options.MaxPixels < options.MinPixels || options.MaxPixels > MostPixels)
        {
            throw new ArgumentException(
                $"{nameof(options.MinPixels)} is {options.MinPixels:N0} and {nameof(options.MaxPixels)} {options.MaxPixels:N0}; "
                + $"expected 1 <= {nameof(options.MinPixels)} <= {nameof(options.MaxPixels)} <= {MostPixels:N0}.", nameof(options));
        }

        if (options.Mean is { Count: not 3 } || options.Std is { Count: not 3 } || (options.Mean is null) != (options.Std is null))
        {
            throw new ArgumentException(
                $"{nameof(options.Mean)} and {nameof(options.Std)} must hold three numbers each, or both be null.", nameof(options));
        }
    }

    private ImageSize ResizedSize(ImageSize size, string name)
    {
        (int width, int height, int block) = (size.Width, size.Height, Block);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1, nameof(size));
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1, nameof(size));
        if (!Options.Resize)
        {
            return width % block == 0 && height % block == 0
                ? size
                : throw new ImageFormatException(
                    $"'{name}' has {width}x{height} pixels; without resizing, expected multiples of {block}.");
        }

        if (Math.Max(width, height) > (long)MaxAspect * Math.Min(width, height))
        {
            throw new ImageFormatException(
                $"'{name}' has {width}x{height} pixels; expected a longer edge of at most {MaxAspect} times the shorter. Crop it.");
        }

        // Doubles throughout, and half a block to the even one, as in the reference.
        (long newWidth, long newHeight) = (Whole(Math.Round((double)width / block)), Whole(Math.Round((double)height / block)));
        double pixels = (double)width * height;
        if (newWidth * newHeight > Options.MaxPixels)
        {
            double shrink = Math.Sqrt(pixels / Options.MaxPixels);
            newWidth = Math.Max(block, Whole(Math.Floor(width / shrink / block)));
            newHeight = Math.Max(block, Whole(Math.Floor(height / shrink / block)));
        }
        else if (newWidth * newHeight < Options.MinPixels)
        {
            double grow = Math.Sqrt(Options.MinPixels / pixels);
            newWidth = Whole(Math.Ceiling(width * grow / block));
            newHeight = Whole(Math.Ceiling(height * grow / block));
        }

        return newWidth * newHeight * 3 <= Array.MaxLength
            ? new ImageSize((int)newWidth, (int)newHeight)
            : throw new ImageFormatException(
                $"'{name}' has {width}x{height} pixels and would become {newWidth}x{newHeight}, which is too large. Lower max_pixels.");

        long Whole(double blocks) => block * (long)blocks;
    }

    private void Write(RgbImage image, ImageGrid grid, int perPatch, float[] values)
    {
        (int patch, int merge) = (Options.PatchSize, Options.MergeSize);
        int at = 0;
        for (int top = 0; top < grid.Rows; top += merge)
        {
            for (int left = 0; left < grid.Columns; left += merge)
            {
                for (int i = 0; i < merge * merge; i++, at += perPatch)
                {
                    WritePatch(image, (top + (i / merge)) * patch, (left + (i % merge)) * patch, values.AsSpan(at, perPatch));
                }
            }
        }
    }

    /// <summary>One patch: channel, time, row, column.</summary>
    private void WritePatch(RgbImage image, int top, int left, Span<float> destination)
    {
        (int patch, int times) = (Options.PatchSize, Options.TemporalPatchSize);
        int area = patch * patch;
        for (int channel = 0; channel < 3; channel++)
        {
            ReadOnlySpan<float> table = _normalization.Table(channel);
            Span<float> first = destination.Slice(channel * times * area, area);
            for (int y = 0; y < patch; y++)
            {
                ReadOnlySpan<byte> row = image.Pixels.Slice(3 * (((top + y) * image.Width) + left), 3 * patch);
                for (int x = 0; x < patch; x++)
                {
                    first[(y * patch) + x] = table[row[(3 * x) + channel]];
                }
            }

            for (int time = 1; time < times; time++)
            {
                first.CopyTo(destination.Slice(((channel * times) + time) * area, area));
            }
        }
    }
}
