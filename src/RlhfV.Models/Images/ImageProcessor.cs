using System.Text.Json;

namespace RlhfV.Models.Images;

/// <summary>
/// Turns pictures into what a family's vision tower was trained on, to the bit where the reference implementation computes in 8 bits. A
/// processor is immutable and may be used from many threads.
/// </summary>
public abstract class ImageProcessor
{
    /// <summary>The file, inside a model folder, that holds a processor's settings.</summary>
    public const string FileName = "preprocessor_config.json";

    /// <summary>How <see cref="Process(ImageSource)"/> decodes.</summary>
    /// <value>The default is the family's: EXIF orientation is applied, except for <see cref="MuffinImageProcessor"/>.</value>
    public ImageDecodeOptions Decoding { get; init; } = ImageDecodeOptions.Default;

    /// <summary>Loads the processor of a model folder.</summary>
    /// <param name="folder">
    /// The folder, with a <c>preprocessor_config.json</c>, or a <c>processor_config.json</c> with an <c>image_processor</c> part.
    /// </param>
    /// <param name="modelType">
    /// The model's <c>model_type</c>, used where the settings name no processor; with "beit3_llava", whose folders hold no settings, the
    /// picture's size is taken from the tower's name in <c>config.json</c>.
    /// </param>
    /// <exception cref="FileNotFoundException">The folder holds no settings.</exception>
    /// <exception cref="ModelFormatException">The settings cannot be read, or name a processor that is not supported.</exception>
    public static ImageProcessor Load(string folder, string? modelType = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        string own = Path.Combine(folder, FileName), shared = Path.Combine(folder, "processor_config.json");
        if (File.Exists(own))
        {
            using var document = ImageProcessorSettings.Parse(own);
            return FromJson(document.RootElement, modelType, own);
        }

        if (File.Exists(shared))
        {
            using var document = ImageProcessorSettings.Parse(shared);
            if (document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("image_processor", out var settings))
            {
                return FromJson(settings, modelType, shared);
            }
        }

        string config = Path.Combine(folder, "config.json");
        if (modelType == "beit3_llava" && File.Exists(config))
        {
            using var document = ImageProcessorSettings.Parse(config);
            return MuffinImageProcessor.FromModelConfig(new ImageProcessorSettings(document.RootElement, config));
        }

        throw new FileNotFoundException(
            $"'{folder}' holds neither {FileName} nor a processor_config.json with an image_processor part. Copy it from where the model was published.",
            own);
    }

    /// <summary>Makes a processor of its settings.</summary>
    /// <param name="settings">The content of <c>preprocessor_config.json</c>.</param>
    /// <param name="modelType">The model's <c>model_type</c>, used where the settings name no processor.</param>
    /// <param name="name">What messages call the settings.</param>
    /// <exception cref="ModelFormatException">The settings are malformed, or name a processor that is not supported.</exception>
    public static ImageProcessor FromJson(JsonElement settings, string? modelType = null, string name = FileName)
    {
        var reader = new ImageProcessorSettings(settings, name);
        string type = reader.Text("image_processor_type") ?? reader.Text("feature_extractor_type") ?? modelType ?? "";
        foreach (string backend in (ReadOnlySpan<string>)["Fast", "Pil"])
        {
            type = type.EndsWith(backend, StringComparison.Ordinal) ? type[..^backend.Length] : type;
        }

        return type switch
        {
            "CLIPImageProcessor" or "CLIPFeatureExtractor" or "LlavaImageProcessor" or "llava" => ClipImageProcessor.FromSettings(reader),
            "Idefics3ImageProcessor" or "SmolVLMImageProcessor" or "idefics3" or "smolvlm" => Idefics3ImageProcessor.FromSettings(reader, type),
            "Qwen2VLImageProcessor" or "Qwen2_5_VLImageProcessor" or "qwen2_5_vl" => Qwen2VlImageProcessor.FromSettings(reader),
            "MuffinImageProcessor" or "beit3_llava" => MuffinImageProcessor.FromSettings(reader),
            _ => throw new ModelFormatException(
                $"'{name}': image_processor_type '{type}' is not supported; expected CLIPImageProcessor, "
                + "LlavaImageProcessor, Idefics3ImageProcessor, SmolVLMImageProcessor, Qwen2VLImageProcessor or MuffinImageProcessor."),
        };
    }

    /// <summary>Processes pixels.</summary>
    /// <param name="image">The picture.</param>
    /// <returns>The values for the vision tower.</returns>
    /// <exception cref="ImageFormatException">The picture's proportions are more extreme than the processor can take.</exception>
    public ProcessedImage Process(RgbImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return Process(image, "picture");
    }

    /// <summary>Decodes a picture as <see cref="Decoding"/> says and processes it.</summary>
    /// <param name="source">The picture.</param>
    /// <returns>The values for the vision tower.</returns>
    /// <exception cref="ImageFormatException">
    /// The picture is damaged, of an unknown format or too large, or its proportions are more extreme than the processor can take.
    /// </exception>
    /// <exception cref="IOException">The picture's file is missing or cannot be read.</exception>
    public ProcessedImage Process(ImageSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Process(source.Decode(Decoding), source.Name);
    }

    /// <summary>Writes the settings as <c>preprocessor_config.json</c>, which the reference implementation reads as well.</summary>
    /// <param name="folder">The folder, made if it does not exist.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public virtual void Save(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ImageProcessorSettings.Write(Path.Combine(folder, FileName), WriteSettings);
    }

    /// <summary>Processes pixels.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="name">What messages call the picture.</param>
    protected abstract ProcessedImage Process(RgbImage image, string name);

    /// <summary>Writes the members of the settings object.</summary>
    /// <param name="writer">Stands inside the object.</param>
    protected abstract void WriteSettings(Utf8JsonWriter writer);
}
