using System.Runtime.InteropServices;
using RlhfV.Models.Modules;
using static TorchSharp.torch;

namespace RlhfV.Training.Optimization;

/// <summary>
/// AdamW (arXiv 1711.05101) with clipping to the global gradient norm, over flat buffers. On the processor one fused pass reads and
/// writes each number once; elsewhere a few large kernels do the same. Parameters narrower than fp32 are kept in an fp32 master copy:
/// at a learning rate of 5e-7 nearly every step is smaller than the spacing of bf16 numbers and would be lost.
/// </summary>
public sealed class AdamW : IDisposable
{
    // Small enough that the four arrays of a piece stay in a core's cache between two reads, large enough to pay for a work item.
    private const int FusedPiece = 1 << 15;

    // The kernels below make temporaries of their input's size; pieces keep those small against the buffers themselves.
    private const long TensorPiece = 1 << 26;

    private readonly FlatParameters _parameters;
    private readonly AdamWOptions _options;
    private readonly bool _fused;
    private readonly Tensor _master;

    /// <summary>Makes the optimizer with zero moments.</summary>
    /// <param name="parameters">The parameters; not owned.</param>
    /// <param name="options">Its constants.</param>
    public AdamW(FlatParameters parameters, AdamWOptions options)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        (_parameters, _options) = (parameters, options);
        using var scope = NewDisposeScope();
        using IDisposable quiet = no_grad();
        Tensor values = parameters.Values;
        bool wide = values.dtype == ScalarType.Float32;
        _fused = wide && values.device.type == TorchSharp.DeviceType.CPU;
        _master = wide ? values.alias().DetachFromDisposeScope() : values.to(ScalarType.Float32).DetachFromDisposeScope();
        Mean = zeros(parameters.Count, dtype: ScalarType.Float32, device: values.device).DetachFromDisposeScope();
        Variance = zeros(parameters.Count, dtype: ScalarType.Float32, device: values.device).DetachFromDisposeScope();
    }

    /// <summary>Steps made so far.</summary>
    public long Steps { get; private set; }

    /// <summary>Running mean of gradients, fp32, <c>[elements]</c>.</summary>
    public Tensor Mean { get; }

    /// <summary>Running mean of squared gradients, fp32, <c>[elements]</c>.</summary>
    public Tensor Variance { get; }

    /// <summary>The parameters in fp32, <c>[elements]</c>: the buffer itself, or the master copy of a narrower one.</summary>
    public Tensor Master => _master;

    /// <summary>The Euclidean norm of all gradients together.</summary>
    public double GradientNorm()
    {
        if (!_fused)
        {
            using IDisposable quiet = no_grad();
            return Math.Sqrt(Pieces(TensorPiece).Sum(SumOfSquares));
        }

        // Each piece has its own place for the partial sum, and they are added in order: the result does not depend on the threads.
        FlatRange[] pieces = [.. Pieces(FusedPiece)];
        var sums = new double[pieces.Length];
        Parallel.For(0, pieces.Length, i =>
        {
            using Tensor gradients = _parameters.Gradients.narrow(0, pieces[i].Start, pieces[i].Length);
            sums[i] = FusedAdamW.SumOfSquares(Floats(gradients));
        });
        return Math.Sqrt(sums.Sum());
    }

    /// <summary>Moves the parameters against their gradients and sets the gradients to zero.</summary>
    /// <param name="learningRate">The learning rate of this step, before the groups' factors.</param>
    /// <param name="gradientScale">Factor on the gradients, 1 or what clipping asks for.</param>
    public void Step(double learningRate, double gradientScale = 1)
    {
        Steps++;
        double correction1 = 1 - Math.Pow(_options.Beta1, Steps);
        double correction2 = Math.Sqrt(1 - Math.Pow(_options.Beta2, Steps));
        FlatRange[] pieces = [.. Pieces(_fused ? FusedPiece : TensorPiece)];
        if (_fused)
        {
            Parallel.For(0, pieces.Length, i => StepFused(pieces[i], Coefficients(pieces[i].Group)));
        }
        else
        {
            foreach (FlatRange piece in pieces)
            {
                StepByTensors(piece, Coefficients(piece.Group));
            }
        }

        AdamWStep Coefficients(ParameterGroup group)
        {
            double rate = learningRate * group.LearningRateScale;
            (double keep, double size) = (1 - rate * group.WeightDecay, rate / correction1);
            return new AdamWStep(_options.Beta1, _options.Beta2, _options.Epsilon, gradientScale, keep, size, correction2);
        }
    }

    /// <summary>The factor that clips to a norm: <c>min(1, limit / (norm + 1e-6))</c>, as PyTorch has it.</summary>
    /// <param name="norm">The gradient norm.</param>
    /// <param name="limit">The largest norm allowed, or null for any.</param>
    public static double ClipScale(double norm, double? limit) => limit is { } most ? Math.Min(1, most / (norm + 1e-6)) : 1;

    /// <summary>Continues from stored moments.</summary>
    /// <param name="steps">Steps made when they were stored.</param>
    /// <param name="load">Fills <see cref="Master"/>, <see cref="Mean"/> and <see cref="Variance"/>.</param>
    public void Restore(long steps, Action load)
    {
        using IDisposable quiet = no_grad();
        load();
        Steps = steps;
        if (_parameters.Values.dtype != ScalarType.Float32)
        {
            _parameters.Values.copy_(_master);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _master.Dispose();
        Mean.Dispose();
        Variance.Dispose();
    }

    private static Span<float> Floats(Tensor part) => MemoryMarshal.Cast<byte, float>(part.bytes);

    private double SumOfSquares(FlatRange piece)
    {
        using var scope = NewDisposeScope();
        Tensor gradients = _parameters.Gradients.narrow(0, piece.Start, piece.Length);
        return gradients.to(ScalarType.Float32).Squared().sum(ScalarType.Float64).item<double>();
    }

    private void StepFused(FlatRange piece, AdamWStep step)
    {
        using Tensor values = _parameters.Values.narrow(0, piece.Start, piece.Length);
        using Tensor gradients = _parameters.Gradients.narrow(0, piece.Start, piece.Length);
        using Tensor mean = Mean.narrow(0, piece.Start, piece.Length);
        using Tensor variance = Variance.narrow(0, piece.Start, piece.Length);
        FusedAdamW.Step(Floats(values), Floats(gradients), Floats(mean), Floats(variance), step);
    }

    private void StepByTensors(FlatRange piece, AdamWStep step)
    {
        using var scope = NewDisposeScope();
        using IDisposable quiet = no_grad();
        Tensor raw = _parameters.Gradients.narrow(0, piece.Start, piece.Length);
        Tensor gradient = raw.to(ScalarType.Float32).Times(step.GradientScale);
        Tensor mean = Mean.narrow(0, piece.Start, piece.Length);
        Tensor variance = Variance.narrow(0, piece.Start, piece.Length);
        Tensor master = _master.narrow(0, piece.Start, piece.Length);
        mean.Scale(step.Beta1);
        mean.Add(gradient, 1 - step.Beta1);
        variance.Scale(step.Beta2);
        variance.Add(gradient.Squared(), 1 - step.Beta2);
        Tensor root = variance.sqrt().Times(1 / step.VarianceCorrection).Plus(step.Epsilon);
        master.Scale(step.Keep);
        master.Add(mean / root, -step.Size);
        raw.zero_();
        if (_parameters.Values.dtype != ScalarType.Float32)
        {
            _parameters.Values.narrow(0, piece.Start, piece.Length).copy_(master);
        }
    }

    private IEnumerable<FlatRange> Pieces(long size)
    {
        foreach (FlatRange range in _parameters.Ranges)
        {
            for (long start = range.Start; start < range.Start + range.Length; start += size)
            {
                yield return new FlatRange(start, Math.Min(size, range.Start + range.Length - start), range.Group);
            }
        }
    }
}
