using System.Text.Json;

namespace RlhfV.Models.Images;

/// <summary>
/// The processing of Idefics3 and SmolVLM (transformers <c>Idefics3ImageProcessor</c>): the longest edge to a fixed length, both edges up
/// to whole tiles, the tiles row by row and the whole picture as one more tile behind them.
/// </summary>
public sealed class Idefics3ImageProcessor : ImageProcessor
{
    /// <summary>The reference caps every edge here, whatever the settings say (<c>MAX_IMAGE_SIZE</c>).</summary>
    private const int MaxResizedEdge = 4096;

    private readonly PixelNormalization _normalization;

    /// <summary>Makes a processor.</summary>
    /// <param name="options">The settings; null for Idefics3's.</param>
    /// <exception cref="ArgumentException">An edge is out of range, or mean and deviation are not three numbers each.</exception>
    public Idefics3ImageProcessor(Idefics3ImageProcessorOptions? options = null)
    {
        Options = options ?? new();
        CheckEdge(Options.LongestEdge ?? 1, nameof(options));
        CheckEdge(Options.TileEdge, nameof(options));
        _normalization = new PixelNormalization(Options.RescaleFactor, Options.Mean, Options.Std);
    }

    /// <summary>The settings.</summary>
    public Idefics3ImageProcessorOptions Options { get; }

    internal static Idefics3ImageProcessor FromSettings(ImageProcessorSettings settings)
    {
        var defaults = new Idefics3ImageProcessorOptions();
        var levels = settings.Levels(PixelNormalization.Halves, PixelNormalization.Halves);
        return new Idefics3ImageProcessor(defaults with
        {
            LongestEdge = settings.Flag("do_resize", true) ? LongestEdge(settings, "size") ?? defaults.LongestEdge : null,
            TileEdge = LongestEdge(settings, "max_image_size") ?? defaults.TileEdge,
            Split = settings.Flag("do_image_splitting", true),
            Filter = settings.Filter(ResamplingFilter.Lanczos),
            RescaleFactor = levels.Rescale,
            Mean = levels.Mean,
            Std = levels.Std,
        });
    }

    /// <summary>
    /// The longest edge to <paramref name="longest"/>, the other in proportion, rounded down, then up to an even number: in double
    /// precision as in the reference, whose rounding decides on a row more or less.
    /// </summary>
    internal static ImageSize FirstSize(ImageSize size, int longest)
    {
        double aspect = (double)size.Width / size.Height;
        var (width, height) = (longest, longest);
        if (size.Width >= size.Height)
        {
            height = (int)(width / aspect);
            height += height % 2;
        }
        else
        {
            width = (int)(height * aspect);
            width += width % 2;
        }

        (width, height) = (Math.Max(width, 1), Math.Max(height, 1));
        aspect = (double)width / height;
        if (width >= height && width > MaxResizedEdge)
        {
            (width, height) = (MaxResizedEdge, (int)(MaxResizedEdge / aspect));
        }
        else if (height > width && height > MaxResizedEdge)
        {
            (width, height) = ((int)(MaxResizedEdge * aspect), MaxResizedEdge);
        }

        return new ImageSize(Math.Max(width, 1), Math.Max(height, 1));
    }

    /// <summary>Both edges up to multiples of the tile: the longer one first, the other from it in proportion.</summary>
    internal static ImageSize TiledSize(ImageSize size, int tile)
    {
        double aspect = (double)size.Width / size.Height;
        if (size.Width >= size.Height)
        {
            int width = RoundUp(size.Width, tile);
            return new ImageSize(width, RoundUp((int)(width / aspect), tile));
        }

        int height = RoundUp(size.Height, tile);
        return new ImageSize(RoundUp((int)(height * aspect), tile), height);
    }

    /// <inheritdoc/>
    protected override ProcessedImage Process(RgbImage image, string name)
    {
        int tile = Options.TileEdge;
        var size = new ImageSize(image.Width, image.Height);
        if (Options.LongestEdge is { } longest)
        {
            size = FirstSize(size, longest);
            image = ImageResampler.Resize(image, size.Width, size.Height, Options.Filter);
        }

        if (Options.Split)
        {
            // A second, real resize, rounded to 8 bits again: the reference does not fold the two into one.
            size = TiledSize(size, tile);
            image = ResizeChecked(image, size, name);
        }

        int rows = size.Height / tile, columns = size.Width / tile;
        bool split = Options.Split && (rows > 1 || columns > 1);
        int frames = split ? (rows * columns) + 1 : 1, frameLength = 3 * tile * tile;
        var values = new float[checked(frames * frameLength)];
        for (int i = 0; i < frames - 1; i++)
        {
            var region = new ImageRegion(i % columns * tile, i / columns * tile, tile, tile);
            _normalization.Write(image, region, values.AsSpan(i * frameLength, frameLength));
        }

        // The last frame, or the only one: the whole picture, from the resized pixels.
        var whole = ImageResampler.Resize(image, tile, tile, Options.Filter);
        _normalization.Write(whole, values.AsSpan((frames - 1) * frameLength));
        return new ProcessedImage
        {
            Values = values,
            Shape = [frames, 3, tile, tile],
            Grid = split ? new ImageGrid(frames, rows, columns) : new ImageGrid(1, 0, 0),
        };
    }

    /// <inheritdoc/>
    protected override void WriteSettings(Utf8JsonWriter writer)
    {
        writer.WriteString("image_processor_type", "Idefics3ImageProcessor");
        writer.WriteBoolean("do_convert_rgb", true);
        writer.WriteBoolean("do_resize", Options.LongestEdge is not null);
        if (Options.LongestEdge is { } longest)
        {
            ImageProcessorSettings.WriteEdge(writer, "size", "longest_edge", longest);
        }

        ImageProcessorSettings.WriteEdge(writer, "max_image_size", "longest_edge", Options.TileEdge);
        writer.WriteBoolean("do_image_splitting", Options.Split);
        writer.WriteBoolean("do_pad", true);
        writer.WriteNumber("resample", (int)Options.Filter);
        ImageProcessorSettings.WriteLevels(writer, new(Options.RescaleFactor, Options.Mean, Options.Std));
    }

    private static int? LongestEdge(ImageProcessorSettings settings, string key) => !settings.Has(key) ? null
        : settings.Count(key, "longest_edge") ?? throw settings.Refuse(key, "an object with longest_edge");

    private static int RoundUp(int edge, int tile) => Math.Max((edge + tile - 1) / tile, 1) * tile;

    /// <summary>
    /// With <see cref="Idefics3ImageProcessorOptions.LongestEdge"/> set this cannot grow large; without, a thin picture can.
    /// </summary>
    private RgbImage ResizeChecked(RgbImage image, ImageSize size, string name) =>
        (long)size.Width * size.Height <= ImageProcessorSettings.MaxCanvas
            ? ImageResampler.Resize(image, size.Width, size.Height, Options.Filter)
            : throw new ImageFormatException(
                $"'{name}' has {image.Width}x{image.Height} pixels, which makes {size.Width}x{size.Height} in tiles " +
                $"of {Options.TileEdge}; expected at most {ImageProcessorSettings.MaxCanvas:N0} pixels.");
}
