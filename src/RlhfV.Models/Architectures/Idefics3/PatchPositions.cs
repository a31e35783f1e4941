namespace RlhfV.Models.Architectures.Idefics3;

/// <summary>
/// The row, or column, of the position table that each row of patches takes. Idefics3 places patch i of n at i * (1/n) and looks up the
/// interval between multiples of 1/n in which it lies, in single precision. For the grids of published models (14, 26, 27, 32) that is
/// i itself; for some others (19, 25, 29, ..) rounding puts a patch into its neighbour's interval, and the weights were trained so.
/// </summary>
internal static class PatchPositions
{
    /// <summary>
    /// Floats in one vector of the reference's <c>torch.arange</c> where the goldens come from (AVX2): the start of each vector is rounded to
    /// single precision before the steps are added, so that the width shows in the last bit.
    /// </summary>
    private const int Lanes = 8;

    /// <summary>The positions of the patches of a full frame along one axis.</summary>
    /// <param name="side">Patches along the axis.</param>
    public static int[] Along(int side)
    {
        float[] bounds = Bounds(side);
        float step = 1f / side;
        const float last = (float)(1 - 1e-6);
        var positions = new int[side];
        for (int i = 0; i < side; i++)
        {
            float at = Math.Min(i * step, last);
            positions[i] = Array.FindLastIndex(bounds, bound => bound <= at) + 1;
        }

        return positions;
    }

    /// <summary>What <c>torch.arange(1/n, 1, 1/n)</c> gives: two vectors at a time, the rest one by one.</summary>
    private static float[] Bounds(int side)
    {
        double step = 1.0 / side;
        var bounds = new float[(int)Math.Ceiling((1 - step) / step)];
        int vectors = bounds.Length / (2 * Lanes) * 2 * Lanes;
        for (int i = 0; i < bounds.Length; i++)
        {
            int lane = i % Lanes;
            bounds[i] = i < vectors ? (float)((float)(step + (step * (i - lane))) + (lane * step)) : (float)(step + (step * i));
        }

        return bounds;
    }
}
