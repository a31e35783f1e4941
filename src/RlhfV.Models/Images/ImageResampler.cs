using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace RlhfV.Models.Images;

/// <summary>
/// Resizes pictures exactly as Pillow does (src/libImaging/Resample.c), which made the training data of every supported model: antialiased,
/// weights in 22-bit fixed point, first along rows, then along columns, rounded to 8 bits after each pass.
/// </summary>
public static class ImageResampler
{
    private const int Half = 1 << (ResamplingKernel.PrecisionBits - 1);

    /// <summary>Resizes a picture; its proportions change if those of the new size differ.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="width">New pixels per row, at least 1.</param>
    /// <param name="height">New rows, at least 1.</param>
    /// <param name="filter">The interpolation kernel.</param>
    /// <returns>A picture of the new size; <paramref name="image"/> itself when the size does not change.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A size is less than 1 or the result would not fit an array, or the filter is unknown.</exception>
    public static RgbImage Resize(RgbImage image, int width, int height, ResamplingFilter filter)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(3L * width * height, Array.MaxLength, nameof(height));
        return width == image.Width && height == image.Height
            ? image
            : ResizeRegion(image, width, height, filter, new ImageRegion(0, 0, width, height));
    }

    /// <summary>
    /// A part of what <see cref="Resize"/> would give, without computing the rest: a crop after a resize costs what the crop needs, and a
    /// very long picture does not become a huge one in between.
    /// </summary>
    /// <param name="image">The picture.</param>
    /// <param name="width">Pixels per row of the whole resized picture.</param>
    /// <param name="height">Rows of the whole resized picture.</param>
    /// <param name="filter">The interpolation kernel.</param>
    /// <param name="region">The part of the resized picture, inside it.</param>
    internal static RgbImage ResizeRegion(RgbImage image, int width, int height, ResamplingFilter filter, ImageRegion region)
    {
        var columns = new ResamplingKernel(image.Width, width, filter, region.Left, region.Width);
        var rows = new ResamplingKernel(image.Height, height, filter, region.Top, region.Height);
        int firstRow = rows.InputStart, rowCount = rows.InputEnd - firstRow, stride = 3 * region.Width;
        byte[]? narrowed = null;
        try
        {
            ReadOnlySpan<byte> between = image.Pixels.Slice(firstRow * 3 * image.Width, rowCount * 3 * image.Width);
            if (width != image.Width || region.Width != width)
            {
                narrowed = ArrayPool<byte>.Shared.Rent(checked(rowCount * stride));
                ResizeRows(between, image.Width, rowCount, columns, narrowed);
                between = narrowed.AsSpan(0, rowCount * stride);
            }

            var result = new byte[checked(region.Height * stride)];
            if (height == image.Height)
            {
                between.Slice((region.Top - firstRow) * stride, result.Length).CopyTo(result);
            }
            else
            {
                ResizeColumns(between, stride, firstRow, rows, result);
            }

            return new RgbImage(region.Width, region.Height, result);
        }
        finally
        {
            if (narrowed is not null)
            {
                ArrayPool<byte>.Shared.Return(narrowed);
            }
        }
    }

    private static void ResizeRows(ReadOnlySpan<byte> source, int width, int rowCount, ResamplingKernel kernel, Span<byte> destination)
    {
        int start = kernel.InputStart, count = kernel.InputEnd - start;
        int[] lanes = ArrayPool<int>.Shared.Rent(4 * count);
        try
        {
            for (int row = 0; row < rowCount; row++)
            {
                // A pixel per vector: red, green and blue are weighted together, the fourth lane idles.
                Spread(source.Slice(((row * width) + start) * 3, 3 * count), lanes);
                ref int pixels = ref MemoryMarshal.GetArrayDataReference(lanes);
                var output = destination.Slice(row * 3 * kernel.Length, 3 * kernel.Length);
                for (int x = 0, to = 0; x < kernel.Length; x++, to += 3)
                {
                    var weights = kernel.Weights(x);
                    nuint from = (nuint)(4 * (kernel.First(x) - start));
                    var sum = Vector128.Create(Half);
                    for (int k = 0; k < weights.Length; k++, from += 4)
                    {
                        sum += Vector128.LoadUnsafe(ref pixels, from) * weights[k];
                    }

                    var level = ToLevels(sum);
                    output[to + 2] = (byte)level[2];
                    output[to + 1] = (byte)level[1];
                    output[to] = (byte)level[0];
                }
            }
        }
        finally
        {
            ArrayPool<int>.Shared.Return(lanes);
        }
    }

    private static void ResizeColumns(ReadOnlySpan<byte> source, int stride, int firstRow, ResamplingKernel kernel, Span<byte> destination)
    {
        for (int y = 0; y < kernel.Length; y++)
        {
            var weights = kernel.Weights(y);
            var input = source.Slice((kernel.First(y) - firstRow) * stride, weights.Length * stride);
            var output = destination.Slice(y * stride, stride);
            int x = 0;
            for (; x <= stride - 16; x += 16)
            {
                WeighColumns(input, stride, weights, x, output);
            }

            for (; x < stride; x++)
            {
                int sum = Half;
                for (int k = 0; k < weights.Length; k++)
                {
                    sum += input[(k * stride) + x] * weights[k];
                }

                output[x] = (byte)Math.Clamp(sum >> ResamplingKernel.PrecisionBits, 0, 255);
            }
        }
    }

    /// <summary>Sixteen neighbouring levels of one output row.</summary>
    private static void WeighColumns(ReadOnlySpan<byte> input, int stride, ReadOnlySpan<int> weights, int x, Span<byte> output)
    {
        var a = Vector128.Create(Half);
        var b = a;
        var c = a;
        var d = a;
        for (int k = 0, at = x; k < weights.Length; k++, at += stride)
        {
            var (low, high) = Vector128.Widen(Vector128.Create(input.Slice(at, 16)));
            var (first, second) = Vector128.Widen(low);
            var (third, fourth) = Vector128.Widen(high);
            var weight = Vector128.Create(weights[k]);
            a += first.AsInt32() * weight;
            b += second.AsInt32() * weight;
            c += third.AsInt32() * weight;
            d += fourth.AsInt32() * weight;
        }

        var lower = Vector128.Narrow(ToLevels(a), ToLevels(b)).AsUInt16();
        var upper = Vector128.Narrow(ToLevels(c), ToLevels(d)).AsUInt16();
        Vector128.Narrow(lower, upper).CopyTo(output.Slice(x, 16));
    }

    private static Vector128<int> ToLevels(Vector128<int> sum) =>
        Vector128.Clamp(sum >> ResamplingKernel.PrecisionBits, Vector128<int>.Zero, Vector128.Create(255));

    private static void Spread(ReadOnlySpan<byte> pixels, Span<int> lanes)
    {
        for (int from = 0, to = 0; from < pixels.Length; from += 3, to += 4)
        {
            lanes[to + 2] = pixels[from + 2];
            lanes[to + 1] = pixels[from + 1];
            lanes[to] = pixels[from];
        }
    }
}
