using RlhfV.Models.Images;

namespace RlhfV.Models.Architectures.Llava;

/// <summary>Loads the image preprocessing of LLaVA's two layouts and checks that it is the tower's.</summary>
internal static class LlavaPictures
{
    /// <summary>Loads the settings in a folder.</summary>
    /// <param name="folder">The folder of the model or of its tower.</param>
    /// <param name="tower">The tower.</param>
    /// <exception cref="ModelFormatException">The settings are another tower's.</exception>
    public static ClipImageProcessor Load(string folder, ClipVisionConfig tower)
    {
        ImageProcessor loaded = ImageProcessor.Load(folder, "llava");
        if (loaded is not ClipImageProcessor { Options: { } options } clip)
        {
            throw new ModelFormatException(
                $"'{folder}': the image preprocessing is a {loaded.GetType().Name}; expected CLIPImageProcessor or LlavaImageProcessor. Take "
                + $"{ImageProcessor.FileName} from where this model was published.");
        }

        int side = (int)tower.ImageSize;
        ImageSize? made = options.CropSize ?? (options.ShortestEdge is null ? options.Size : null);
        return made is null || made == new ImageSize(side, side)
            ? clip
            : throw new ModelFormatException(
                $"'{folder}': the image preprocessing makes pictures of {made.Value.Width}x{made.Value.Height} pixels, 'image_size' of the vision "
                + $"tower is {side}; expected the same. Take {ImageProcessor.FileName} from where this model was published.");
    }
}
