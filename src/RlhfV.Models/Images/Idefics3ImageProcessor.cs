using System.Text.Json;

namespace RlhfV.Models.Images;

/// <summary>
/// The processing of Idefics3 and SmolVLM (transformers <c>Idefics3ImageProcessor</c> and <c>SmolVLMImageProcessor</c>): resize the longest
/// edge, stretch to whole tiles, cut the tiles and put the whole picture, shrunk to a tile, behind them.
/// </summary>
public sealed class Idefics3ImageProcessor : ImageProcessor
{
    /// <summary>The longest edge after the first resize, whatever the settings say; the reference has the same.</summary>
    private const int MaxResizedEdge = 4096;

    /// <summary>The largest stretched picture: 400 MB of values. Only pictures that are not resized first come near.</summary>
    private const long MaxPixels = 1L << 25;

    private const string Idefics3Type = "Idefics3ImageProcessor";

    /// <summary>What <see cref="WriteSettings"/> writes itself.</summary>
    private static readonly string[] Known =
    [
        "image_processor_type", "feature_extractor_type", "do_resize", "size", "do_image_splitting", "max_image_size", "resample",
        "do_rescale", "rescale_factor", "do_normalize", "image_mean", "image_std",
    ];

    private readonly PixelNormalization _normalization;
    private readonly string _type = Idefics3Type;
    private readonly IReadOnlyList<JsonProperty> _others = [];

    /// <summary>Makes a processor.</summary>
    /// <param name="options">The settings; null for those of Idefics3-8B.</param>
    /// <exception cref="ArgumentException">A size is out of range, or mean and deviation are not three numbers each.</exception>
    public Idefics3ImageProcessor(Idefics3ImageProcessorOptions? options = null)
    {
        Options = options ?? new();
        ArgumentOutOfRangeException.ThrowIfLessThan(Options.LongestEdge ?? 1, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(Options.TileEdge, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Options.TileEdge, MaxResizedEdge, nameof(options));
        if (Options.Mean is { Count: not 3 } || Options.Std is { Count: not 3 } || (Options.Mean is null) != (Options.Std is null))
        {
            throw new ArgumentException(
                $"{nameof(Options.Mean)} and {nameof(Options.Std)} must hold three numbers each, or both be null.", nameof(options));
        }

        _normalization = new PixelNormalization(Options.RescaleFactor, Options.Mean, Options.Std);
    }

    private Idefics3ImageProcessor(Idefics3ImageProcessorOptions options, string type, IReadOnlyList<JsonProperty> others)
        : this(options) => (_type, _others) = (type, others);

    /// <summary>The settings.</summary>
    public Idefics3ImageProcessorOptions Options { get; }

    internal static Idefics3ImageProcessor FromSettings(ImageProcessorSettings settings, string type)
    {
        bool normalize = settings.Flag("do_normalize", true);
        int tile = Edge(settings, "max_image_size") ?? 364;
        var options = new Idefics3ImageProcessorOptions
        {
            LongestEdge = settings.Flag("do_resize", true) ? Edge(settings, "size") ?? 4 * 364 : null,
            TileEdge = tile <= MaxResizedEdge ? tile : throw settings.Refuse("max_image_size", $"at most {MaxResizedEdge} pixels"),
            Split = settings.Flag("do_image_splitting", true),
            Filter = settings.Filter(ResamplingFilter.Lanczos),
            RescaleFactor = settings.Flag("do_rescale", true) ? settings.Number("rescale_factor", 1.0 / 255) : null,
            Mean = normalize ? settings.Channels("image_mean", Idefics3ImageProcessorOptions.Half) : null,
            Std = normalize ? settings.Channels("image_std", Idefics3ImageProcessorOptions.Half, divisor: true) : null,
        };
        string name = type.StartsWith("smol", StringComparison.OrdinalIgnoreCase) ? "SmolVLMImageProcessor" : Idefics3Type;
        return new Idefics3ImageProcessor(options, name, settings.Except(Known));
    }

    /// <inheritdoc/>
    protected override ProcessedImage Process(RgbImage image, string name)
    {
        if (image.Width > ImageDecodeOptions.MaxEdge || image.Height > ImageDecodeOptions.MaxEdge)
        {
            throw new ImageFormatException(
                $"'{name}' has {image.Width}x{image.Height} pixels; expected at most {ImageDecodeOptions.MaxEdge:N0} in a row and in a column.");
        }

        int tile = Options.TileEdge;
        ImageSize first = ResizedSize(new ImageSize(image.Width, image.Height));
        ImageSize last = Options.Split ? TiledSize(first) : new ImageSize(tile, tile);
        if ((long)last.Width * last.Height > MaxPixels)
        {
            throw new ImageFormatException(
                $"'{name}' has {image.Width}x{image.Height} pixels; cut into tiles of {tile} it would have {(long)last.Width * last.Height:N0}, "
                + $"expected at most {MaxPixels:N0}.");
        }

        image = ImageResampler.Resize(image, first.Width, first.Height, Options.Filter);
        image = ImageResampler.Resize(image, last.Width, last.Height, Options.Filter);
        int rows = last.Height / tile, columns = last.Width / tile;
        bool whole = rows == 1 && columns == 1;
        int frames = whole ? 1 : (rows * columns) + 1;
        var values = new float[frames * 3 * tile * tile];
        if (!whole)
        {
            for (int frame = 0; frame < frames - 1; frame++)
            {
                Write(Cut(image, frame % columns * tile, frame / columns * tile), frame);
            }
        }

        Write(ImageResampler.Resize(image, tile, tile, Options.Filter), frames - 1);
        return new ProcessedImage
        {
            Values = values,
            Shape = [frames, 3, tile, tile],
            Grid = whole ? new ImageGrid(1, 0, 0) : new ImageGrid(frames, rows, columns),
        };

        void Write(RgbImage frame, int index) => _normalization.Write(frame, values.AsSpan(index * 3 * tile * tile, 3 * tile * tile));
    }

    /// <inheritdoc/>
    protected override void WriteSettings(Utf8JsonWriter writer)
    {
        writer.WriteString("image_processor_type", _type);
        writer.WriteBoolean("do_resize", Options.LongestEdge is not null);
        if (Options.LongestEdge is { } longest)
        {
            WriteEdge("size", longest);
        }

        writer.WriteBoolean("do_image_splitting", Options.Split);
        WriteEdge("max_image_size", Options.TileEdge);
        writer.WriteNumber("resample", (int)Options.Filter);
        ImageProcessorSettings.WriteLevels(writer, Options.RescaleFactor, Options.Mean, Options.Std);

        // What only other programs read, such as how a video is sampled.
        foreach (JsonProperty other in _others)
        {
            other.WriteTo(writer);
        }

        void WriteEdge(string key, int edge)
        {
            writer.WriteStartObject(key);
            writer.WriteNumber("longest_edge", edge);
            writer.WriteEndObject();
        }
    }

    private static int? Edge(ImageProcessorSettings settings, string key) =>
        !settings.Has(key) ? null
        : settings.IsNumber(key) ? settings.Count(key)
        : settings.Count(key, "longest_edge") ?? throw settings.Refuse(key, "a number, or an object with longest_edge");

    /// <summary>The longest edge as asked, the other in proportion and even, as in <c>get_resize_output_image_size</c>.</summary>
    internal ImageSize ResizedSize(ImageSize size)
    {
        if (Options.LongestEdge is not { } longest)
        {
            return size;
        }

        size = InProportion(size, longest, even: true);
        return Math.Max(size.Width, size.Height) > MaxResizedEdge ? InProportion(size, MaxResizedEdge, even: false) : size;
    }

    private static ImageSize InProportion(ImageSize size, int longest, bool even)
    {
        double aspect = (double)size.Width / size.Height;
        int other = (int)(size.Width >= size.Height ? longest / aspect : longest * aspect);
        other = Math.Max(even && other % 2 != 0 ? other + 1 : other, 1);
        return size.Width >= size.Height ? new ImageSize(longest, other) : new ImageSize(other, longest);
    }

    /// <summary>Whole tiles, as in <c>resize_for_vision_encoder</c>: the longer edge is rounded up, and the other follows before it is too.</summary>
    internal ImageSize TiledSize(ImageSize size)
    {
        double aspect = (double)size.Width / size.Height;
        if (size.Width >= size.Height)
        {
            int width = Up(size.Width);
            return new ImageSize(width, Up((int)(width / aspect)));
        }

        int height = Up(size.Height);
        return new ImageSize(Up((int)(height * aspect)), height);

        // One tile at least: of a picture one pixel wide the division may leave less than that pixel, which the reference cannot resize to.
        int Up(int edge) => Math.Max((edge + Options.TileEdge - 1) / Options.TileEdge, 1) * Options.TileEdge;
    }

    private RgbImage Cut(RgbImage image, int left, int top)
    {
        int edge = Options.TileEdge, stride = 3 * edge;
        var pixels = new byte[stride * edge];
        for (int y = 0; y < edge; y++)
        {
            image.Pixels.Slice(3 * (((top + y) * image.Width) + left), stride).CopyTo(pixels.AsSpan(y * stride));
        }

        return new RgbImage(edge, edge, pixels);
    }
}
