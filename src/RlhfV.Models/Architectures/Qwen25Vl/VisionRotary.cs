using RlhfV.Models.Images;
using RlhfV.Models.Modules;
using static TorchSharp.torch;

namespace RlhfV.Models.Architectures.Qwen25Vl;

/// <summary>
/// Rotary angles of patches (base 10000): the first quarter of a head's dimensions turns with the patch's row, the second with its column,
/// and the halves pair.
/// </summary>
internal static class VisionRotary
{
    private const double Theta = 10000;

    /// <summary>Angles of the patches of a picture.</summary>
    /// <param name="grid">Rows and columns of patches.</param>
    /// <param name="merge">Side of a block, patches; the patches of a block follow one another.</param>
    /// <param name="headSize">Width of a head, a multiple of 4.</param>
    /// <param name="device">Where the result shall live.</param>
    /// <returns>Angles of the patches block by block, fp32, <c>[1, 1, patches, headSize]</c> each.</returns>
    public static RotaryEmbedding.Angles At(ImageGrid grid, int merge, long headSize, Device device)
    {
        using var scope = NewDisposeScope();
        Tensor places = tensor(Places(grid, merge), [(long)grid.Rows * grid.Columns, 2, 1], device: device);
        float[] frequencies = [.. Enumerable.Range(0, (int)headSize / 4).Select(k => (float)Math.Pow(Theta, -4.0 * k / headSize))];
        Tensor half = (places * tensor(frequencies, device: device)).flatten(1);          // [patches, headSize / 2]
        Tensor whole = cat([half, half], -1).unsqueeze(0).unsqueeze(0);                   // [1, 1, patches, headSize]
        return new(whole.cos().MoveToOuterDisposeScope(), whole.sin().MoveToOuterDisposeScope());
    }

    /// <summary>Row and column of every patch, block by block.</summary>
    private static float[] Places(ImageGrid grid, int merge)
    {
        var places = new float[2 * grid.Rows * grid.Columns];
        int at = 0;
        for (int top = 0; top < grid.Rows; top += merge)
        {
            for (int left = 0; left < grid.Columns; left += merge)
            {
                for (int i = 0; i < merge * merge; i++)
                {
                    places[at++] = top + (i / merge);
                    places[at++] = left + (i % merge);
                }
            }
        }

        return places;
    }
}
