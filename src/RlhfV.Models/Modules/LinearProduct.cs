using System.Runtime.Intrinsics.X86;
using System.Text;
using static TorchSharp.torch;

namespace RlhfV.Models.Modules;

/// <summary>
/// The product <c>y = x W^T + b</c>, by the faster of the two libraries inside libtorch. Its matrix product calls MKL, which does not use
/// AVX-512 on AMD processors; its convolutions call oneDNN, which does. A convolution with a kernel of one element is the same product, and
/// on such processors it takes half the time, gradients included.
/// </summary>
internal static class LinearProduct
{
    // Below these a product is over before the weights are rearranged and, for a number of rows not met before, code is generated.
    private const long LeastRows = 128;
    private const long LeastWork = 1 << 25;

    // Where there are far more outputs than rows (an output head), rearranging the rows is cheaper than rearranging the weights.
    private const long LeastRowsOfWideOutput = 16;
    private const long WideOutput = 4096;
    private const long WideRatio = 4;

    // Decoding a few answers together: the weights are read once for all of them, which MKL makes twice as slow from two rows on.
    private const long LeastRowsOfDecoding = 2;
    private const long LeastWeightOfDecoding = 1 << 20;

    private static readonly bool ByConvolution = Avx512F.IsSupported && Vendor() == "AuthenticAMD";
    private static readonly long[] Unit = [1, 1];

    // A kernel of one element cannot be dilated, but asking for it makes libtorch leave the product to oneDNN also on a single thread.
    private static readonly long[] Dilated = [2, 1];

    /// <summary>Computes the product.</summary>
    /// <param name="x">Input, <c>[.., inputs]</c>.</param>
    /// <param name="weight">Weight, <c>[outputs, inputs]</c>.</param>
    /// <param name="bias">Bias, <c>[outputs]</c>, or null.</param>
    /// <returns><c>[.., outputs]</c>.</returns>
    public static Tensor Of(Tensor x, Tensor weight, Tensor? bias)
    {
        long rows = x.numel() / x.shape[^1];
        if (ByConvolution && IsDecoding(x, weight, bias, rows))
        {
            return Swap(x, weight);
        }

        bool byConvolution = ByConvolution
            && rows >= (IsWide(weight, bias, rows) ? LeastRowsOfWideOutput : LeastRows)
            && rows * weight.numel() >= LeastWork
            && IsFloatOnCpu(x, weight);
        return byConvolution ? Convolve(x, weight, bias) : nn.functional.linear(x, weight, bias);
    }

    /// <summary>The product as a convolution, on any processor.</summary>
    internal static Tensor Convolve(Tensor x, Tensor weight, Tensor? bias)
    {
        using var scope = NewDisposeScope();
        (long inputs, long outputs, long rows) = (weight.shape[1], weight.shape[0], x.numel() / x.shape[^1]);
        long[] shape = [.. x.shape[..^1], outputs];
        if (IsWide(weight, bias, rows))
        {
            return Swap(x, weight).MoveToOuterDisposeScope();
        }

        Tensor y = Pixels(x, rows, Filters(weight, outputs, inputs), bias);                                    // [1, outputs, 1, rows]
        return y.permute(0, 2, 3, 1).view(shape).MoveToOuterDisposeScope();
    }

    /// <summary>The product with the weights as the picture's pixels and the rows as the filters.</summary>
    internal static Tensor Swap(Tensor x, Tensor weight)
    {
        using var scope = NewDisposeScope();
        (long inputs, long outputs, long rows) = (weight.shape[1], weight.shape[0], x.numel() / x.shape[^1]);
        Tensor y = Pixels(weight, outputs, Filters(x, rows, inputs), null);                                    // [1, rows, 1, outputs]

        // It lies transposed in memory.
        return y.view(rows, outputs).reshape([.. x.shape[..^1], outputs]).MoveToOuterDisposeScope();
    }

    private static bool IsDecoding(Tensor x, Tensor weight, Tensor? bias, long rows) =>
        rows is >= LeastRowsOfDecoding and < LeastRows && bias is null && !is_grad_enabled()
        && weight.numel() >= LeastWeightOfDecoding && weight.shape[0] > WideRatio * rows && IsFloatOnCpu(x, weight);

    private static bool IsFloatOnCpu(Tensor x, Tensor weight) =>
        x.dtype == ScalarType.Float32 && weight.dtype == ScalarType.Float32 && x.device.type == TorchSharp.DeviceType.CPU;

    private static bool IsWide(Tensor weight, Tensor? bias, long rows) =>
        bias is null && weight.shape[0] >= WideOutput && weight.shape[0] > WideRatio * rows;

    private static Tensor Filters(Tensor matrix, long count, long channels) => matrix.reshape(count, channels, 1, 1);

    /// <summary>One picture of one line, channels last, which is how a matrix lies in memory.</summary>
    private static Tensor Pixels(Tensor matrix, long count, Tensor filters, Tensor? bias) => nn.functional.conv2d(
        matrix.reshape(1, 1, count, -1).permute(0, 3, 1, 2), filters, bias, strides: Unit, dilation: Dilated);

    private static string Vendor()
    {
        (_, int b, int c, int d) = X86Base.CpuId(0, 0);
        byte[] name = [.. BitConverter.GetBytes(b), .. BitConverter.GetBytes(d), .. BitConverter.GetBytes(c)];
        return Encoding.ASCII.GetString(name);
    }
}
