using System.Text.Json;

namespace RlhfV.Models.Images;

/// <summary>
/// The processing of Muffin and the RLHF-V checkpoints when they are evaluated (thunlp/Muffin, <c>build_transform(is_train=False)</c>):
/// bicubic to a square whatever the proportions, no crop, no padding, mean and deviation 0.5. EXIF orientation is ignored, as there.
/// </summary>
public sealed class MuffinImageProcessor : ImageProcessor
{
    private const string TypeName = "MuffinImageProcessor";
    private static readonly double[] Halves = [0.5, 0.5, 0.5];
    private static readonly PixelNormalization Normalization = new(1.0 / 255, Halves, Halves);

    /// <summary>Makes a processor.</summary>
    /// <param name="edge">Width and height that the tower takes.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="edge"/> is less than 1 or above 65,535.</exception>
    public MuffinImageProcessor(int edge = 448)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(edge, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(edge, ImageDecodeOptions.MaxEdge);
        Edge = edge;
        Decoding = new() { Orientation = ExifOrientation.Ignore };
    }

    /// <summary>Width and height that the tower takes.</summary>
    /// <value>The default is 448, that of the RLHF-V checkpoints.</value>
    public int Edge { get; }

    internal static MuffinImageProcessor FromSettings(ImageProcessorSettings settings) => settings.Size("size") switch
    {
        null => new(),
        { } size when size.Width == size.Height => new(size.Width),
        _ => throw settings.Refuse("size", "height and width to be equal"),
    };

    /// <summary>The size is the last part of the tower's name, as in <c>beit3_large_patch16_448</c>.</summary>
    internal static MuffinImageProcessor FromModelConfig(ImageProcessorSettings config)
    {
        string tower = config.Text("mm_vision_tower") ?? "";
        return int.TryParse(tower[(tower.LastIndexOf('_') + 1)..], out int edge) && edge is >= 1 and <= ImageDecodeOptions.MaxEdge
            ? new MuffinImageProcessor(edge)
            : throw config.Refuse("mm_vision_tower", "a name that ends in the picture's size, such as beit3_large_patch16_448");
    }

    /// <inheritdoc/>
    protected override ProcessedImage Process(RgbImage image, string name)
    {
        var values = new float[3 * Edge * Edge];
        Normalization.Write(ImageResampler.Resize(image, Edge, Edge, ResamplingFilter.Bicubic), values);
        return new ProcessedImage { Values = values, Shape = [3, Edge, Edge] };
    }

    /// <inheritdoc/>
    protected override void WriteSettings(Utf8JsonWriter writer)
    {
        writer.WriteString("image_processor_type", TypeName);
        ImageProcessorSettings.WriteSize(writer, "size", new ImageSize(Edge, Edge));
        writer.WriteNumber("resample", (int)ResamplingFilter.Bicubic);
        ImageProcessorSettings.WriteLevels(writer, 1.0 / 255, Halves, Halves);
    }
}
