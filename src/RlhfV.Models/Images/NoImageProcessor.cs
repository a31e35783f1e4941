using System.Text.Json;

namespace RlhfV.Models.Images;

/// <summary>The image processing of a model that takes no pictures: it refuses them.</summary>
internal sealed class NoImageProcessor : ImageProcessor
{
    /// <inheritdoc/>
    public override void Save(string folder)
    {
    }

    /// <inheritdoc/>
    protected override ProcessedImage Process(RgbImage image, string name) =>
        throw new ArgumentException($"The prompt has a picture ('{name}'), but the model takes text alone.", nameof(image));

    /// <inheritdoc/>
    protected override void WriteSettings(Utf8JsonWriter writer)
    {
    }
}
