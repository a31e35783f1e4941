using System.Text.Json;

namespace RlhfV.Models.Images;

/// <summary>
/// The processing of Qwen2-VL and Qwen2.5-VL (transformers <c>Qwen2VLImageProcessor</c>): to whole merged patches near the picture's own
/// size, then cut into patches, in the order in which the tower merges them.
/// </summary>
public sealed class Qwen2VLImageProcessor : ImageProcessor
{
    /// <summary>The reference refuses pictures that are more than this many times longer than wide, or the other way round.</summary>
    private const int MaxAspect = 200;

    private readonly PixelNormalization _normalization;

    /// <summary>Makes a processor.</summary>
    /// <param name="options">The settings; null for the family's.</param>
    /// <exception cref="ArgumentException">A number is out of range, or mean and deviation are not three numbers each.</exception>
    public Qwen2VLImageProcessor(Qwen2VLImageProcessorOptions? options = null)
    {
        Options = options ?? new();
        CheckEdge(Options.PatchSize, nameof(options));
        CheckEdge(Options.TemporalPatchSize, nameof(options));
        CheckEdge(Options.MergeSize, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(Options.MinPixels, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(Options.MaxPixels, Options.MinPixels, nameof(options));
        _normalization = new PixelNormalization(Options.RescaleFactor, Options.Mean, Options.Std);
    }

    /// <summary>The settings.</summary>
    public Qwen2VLImageProcessorOptions Options { get; }

    internal static Qwen2VLImageProcessor FromSettings(ImageProcessorSettings settings)
    {
        var defaults = new Qwen2VLImageProcessorOptions();
        var levels = settings.Levels(ClipImageProcessorOptions.ClipMean, ClipImageProcessorOptions.ClipStd);

        // Newer files write the limits as the "edges" of a size; where both stand, the older names win as they do in the reference.
        int minPixels = settings.Area("min_pixels") ?? settings.Area("size", "shortest_edge") ?? defaults.MinPixels;
        int maxPixels = settings.Area("max_pixels") ?? settings.Area("size", "longest_edge") ?? defaults.MaxPixels;
        if (maxPixels < minPixels)
        {
            throw settings.Refuse("max_pixels", $"at least min_pixels, {minPixels}");
        }

        return new Qwen2VLImageProcessor(defaults with
        {
            PatchSize = settings.Count("patch_size") ?? defaults.PatchSize,
            TemporalPatchSize = settings.Count("temporal_patch_size") ?? defaults.TemporalPatchSize,
            MergeSize = settings.Count("merge_size") ?? defaults.MergeSize,
            MinPixels = minPixels,
            MaxPixels = maxPixels,
            Resize = settings.Flag("do_resize", true),
            Filter = settings.Filter(ResamplingFilter.Bicubic),
            RescaleFactor = levels.Rescale,
            Mean = levels.Mean,
            Std = levels.Std,
        });
    }

    /// <summary>
    /// The nearest size of whole merged patches, with the proportions nearly kept and the area inside the limits (<c>smart_resize</c>);
    /// null where the proportions are beyond 1 to 200.
    /// </summary>
    internal static ImageSize? SmartSize(ImageSize size, int factor, int minPixels, int maxPixels)
    {
        double width = size.Width, height = size.Height;
        if (Math.Max(width, height) / Math.Min(width, height) > MaxAspect)
        {
            return null;
        }

        // Rounding half to even, as Python does: 70 becomes 56 and 98 becomes 112.
        double newWidth = Math.Round(width / factor) * factor, newHeight = Math.Round(height / factor) * factor;
        if (newWidth * newHeight > maxPixels)
        {
            double shrink = Math.Sqrt(height * width / maxPixels);
            newWidth = Math.Max(factor, Math.Floor(width / shrink / factor) * factor);
            newHeight = Math.Max(factor, Math.Floor(height / shrink / factor) * factor);
        }
        else if (newWidth * newHeight < minPixels)
        {
            double grow = Math.Sqrt(minPixels / (height * width));
            newWidth = Math.Ceiling(width * grow / factor) * factor;
            newHeight = Math.Ceiling(height * grow / factor) * factor;
        }

        return new ImageSize((int)newWidth, (int)newHeight);
    }

    /// <inheritdoc/>
    protected override ProcessedImage Process(RgbImage image, string name)
    {
        int patch = Options.PatchSize, merge = Options.MergeSize, factor = patch * merge;
        if (Options.Resize)
        {
            var size = SmartSize(new ImageSize(image.Width, image.Height), factor, Options.MinPixels, Options.MaxPixels)
                ?? throw new ImageFormatException(
                    $"'{name}' has {image.Width}x{image.Height} pixels; expected one edge to be at most {MaxAspect} times the other.");
            image = ImageResampler.Resize(image, size.Width, size.Height, Options.Filter);
        }
        else if (image.Width % factor != 0 || image.Height % factor != 0)
        {
            throw new ImageFormatException(
                $"'{name}' has {image.Width}x{image.Height} pixels; without resizing both must be multiples of {factor}.");
        }

        var grid = new ImageGrid(1, image.Height / patch, image.Width / patch);
        int plane = patch * patch, frame = Options.TemporalPatchSize, length = 3 * frame * plane;
        var values = new float[checked(grid.Rows * grid.Columns * length)];
        var still = new float[3 * plane];
        int at = 0;
        foreach (var (row, column) in MergeOrder(grid, merge))
        {
            // A patch is laid out as channel, time, y, x; the picture stands still, so each channel's plane repeats.
            _normalization.Write(image, new ImageRegion(column * patch, row * patch, patch, patch), still);
            for (int i = 0; i < 3 * frame; i++, at += plane)
            {
                still.AsSpan(i / frame * plane, plane).CopyTo(values.AsSpan(at));
            }
        }

        return new ProcessedImage { Values = values, Shape = [grid.Rows * grid.Columns, length], Grid = grid };
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
        ImageProcessorSettings.WriteLevels(writer, new(Options.RescaleFactor, Options.Mean, Options.Std));
    }

    /// <summary>Blocks of merge x merge patches row by row, inside a block its patches row by row.</summary>
    private static IEnumerable<(int Row, int Column)> MergeOrder(ImageGrid grid, int merge)
    {
        for (int blockRow = 0; blockRow < grid.Rows; blockRow += merge)
        {
            for (int blockColumn = 0; blockColumn < grid.Columns; blockColumn += merge)
            {
                for (int i = 0; i < merge * merge; i++)
                {
                    yield return (blockRow + (i / merge), blockColumn + (i % merge));
                }
            }
        }
    }
}
