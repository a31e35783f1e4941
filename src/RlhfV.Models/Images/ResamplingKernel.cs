namespace RlhfV.Models.Images;

/// <summary>
/// The weights of one resampling pass, as Pillow computes them (src/libImaging/Resample.c, <c>precompute_coeffs</c> and
/// <c>normalize_coeffs_8bpc</c>): in double precision, divided by their sum, then fixed point with <see cref="PrecisionBits"/> bits.
/// </summary>
internal sealed class ResamplingKernel
{
    /// <summary>32 bits less 8 for the level and 2 for the overshoot of kernels with negative lobes.</summary>
    public const int PrecisionBits = 32 - 8 - 2;

    private readonly int[] _first;
    private readonly int[] _count;
    private readonly int[] _weights;
    private readonly int _stride;

    /// <summary>Computes the weights of a stretch of outputs.</summary>
    /// <param name="sizeIn">Levels before.</param>
    /// <param name="sizeOut">Levels after.</param>
    /// <param name="filter">The kernel.</param>
    /// <param name="start">The first output that is wanted.</param>
    /// <param name="length">How many outputs are wanted.</param>
    public ResamplingKernel(int sizeIn, int sizeOut, ResamplingFilter filter, int start, int length)
    {
        double scale = (double)sizeIn / sizeOut;

        // Shrinking widens the kernel so that every input level counts; growing leaves it alone.
        double stretch = Math.Max(scale, 1.0);
        double support = Support(filter) * stretch;
        _stride = (2 * (int)Math.Ceiling(support)) + 1;
        _first = new int[length];
        _count = new int[length];
        _weights = new int[checked(length * _stride)];
        var weights = new double[_stride];
        for (int i = 0; i < length; i++)
        {
            double center = (start + i + 0.5) * scale;
            int first = Math.Max((int)(center - support + 0.5), 0);
            int count = Math.Min((int)(center + support + 0.5), sizeIn) - first;
            double sum = 0.0;
            for (int k = 0; k < count; k++)
            {
                weights[k] = Evaluate(filter, (k + first - center + 0.5) * (1.0 / stretch));
                sum += weights[k];
            }

            // Multiplying with the reciprocal is not the same as dividing: the reference multiplies.
            double norm = sum != 0.0 ? 1.0 / sum : 1.0;
            for (int k = 0; k < count; k++)
            {
                double scaled = weights[k] * norm * (1 << PrecisionBits);
                _weights[(i * _stride) + k] = (int)(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
            }

            (_first[i], _count[i]) = (first, count);
        }
    }

    /// <summary>The outputs that were asked for.</summary>
    public int Length => _first.Length;

    /// <summary>The first input level that any output reads.</summary>
    public int InputStart => _first[0];

    /// <summary>The end (exclusive) of the input levels that outputs read.</summary>
    public int InputEnd => _first[^1] + _count[^1];

    /// <summary>The first input level that an output reads.</summary>
    /// <param name="output">The output, counted from the first that was asked for.</param>
    public int First(int output) => _first[output];

    /// <summary>The fixed-point weights of the input levels that an output reads.</summary>
    /// <param name="output">The output, counted from the first that was asked for.</param>
    public ReadOnlySpan<int> Weights(int output) => _weights.AsSpan(output * _stride, _count[output]);

    private static double Support(ResamplingFilter filter) => filter switch
    {
        ResamplingFilter.Bilinear => 1.0,
        ResamplingFilter.Bicubic => 2.0,
        ResamplingFilter.Lanczos => 3.0,
        _ => throw new ArgumentOutOfRangeException(
            nameof(filter), filter, "Unknown resampling filter; expected Lanczos (1), Bilinear (2) or Bicubic (3)."),
    };

    private static double Evaluate(ResamplingFilter filter, double x)
    {
        double distance = Math.Abs(x);
        return filter switch
        {
            ResamplingFilter.Bilinear => distance < 1.0 ? 1.0 - distance : 0.0,
            ResamplingFilter.Bicubic => Cubic(distance),
            _ => x is >= -3.0 and < 3.0 ? Sinc(x) * Sinc(x / 3) : 0.0,
        };
    }

    private static double Cubic(double x)
    {
        const double a = -0.5;
        return x switch
        {
            < 1.0 => ((((a + 2.0) * x) - (a + 3.0)) * x * x) + 1,
            < 2.0 => ((((((x - 5) * x) + 8) * x) - 4) * a),
            _ => 0.0,
        };
    }

    private static double Sinc(double x) => x == 0.0 ? 1.0 : Math.Sin(x * Math.PI) / (x * Math.PI);
}
