using RlhfV.Models.Images;

namespace RlhfV.Models.Grounding;

/// <summary>A preprocessed picture without its content.</summary>
internal static class BlankImage
{
    private const int Channels = 3;

    /// <summary>The picture in its mean colour; shape and grid stay, so that it takes as many tokens.</summary>
    /// <param name="image">Values of any of the layouts that <see cref="ProcessedImage.Shape"/> names.</param>
    public static ProcessedImage Of(ProcessedImage image)
    {
        // In every layout channels follow each other in runs of equal length, over and over: one run is a plane of [3, h, w] and
        // [frames, 3, h, w], and a patch's share of [patches, 3 * time * patch * patch].
        int run = checked((int)(image.Shape.Length == 2 ? image.Shape[1] / Channels : image.Shape[^1] * image.Shape[^2]));
        float[] blank = new float[image.Values.Length];
        for (int channel = 0; channel < Channels; channel++)
        {
            double sum = 0;
            for (int start = channel * run; start < blank.Length; start += Channels * run)
            {
                foreach (float value in image.Values.AsSpan(start, run))
                {
                    sum += value;
                }
            }

            float mean = (float)(sum / (blank.Length / Channels));
            for (int start = channel * run; start < blank.Length; start += Channels * run)
            {
                blank.AsSpan(start, run).Fill(mean);
            }
        }

        return image with { Values = blank };
    }
}
