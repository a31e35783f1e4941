using RlhfV.Goldens;
using RlhfV.Models.Images;

namespace RlhfV.Models.Tests;

/// <summary>The tiny random-weight LLaVA of the goldens, and pictures to ask it about.</summary>
internal static class TinyLlava
{
    public static string Folder => GoldenData.Path("hf", "llava", "checkpoint");

    public static VisionLanguageModel Load() => VisionLanguageModel.Load(Folder);

    public static Prompt Ask(string text, int shade = 100) => Prompt.Ask(text, Picture(shade));

    public static ImageSource Picture(int shade)
    {
        var pixels = new byte[40 * 30 * 3];
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)((i * 7 + shade) % 256);
        }

        return ImageSource.FromRgb(new RgbImage(40, 30, pixels));
    }
}
