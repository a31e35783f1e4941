namespace RlhfV.Models.Checkpoints;

/// <summary>Arithmetic on shapes that come from files and so may be anything.</summary>
internal static class TensorShape
{
    /// <summary>The bytes that a tensor takes, or false when they, or the product of its sizes other than 0, exceed 63 bits.</summary>
    public static bool TryByteCount(TensorInfo info, out long bytes)
    {
        bytes = 0;
        // Sizes other than 0 must not overflow even beside a 0: libtorch multiplies them too.
        Int128 product = ElementTypes.Size(info.Type);
        foreach (long size in info.Shape)
        {
            product *= Math.Max(size, 1);
            if (size < 0 || product > long.MaxValue)
                return false;
        }

        bytes = info.Shape.Contains(0) ? 0 : (long)product;
        return true;
    }
}
