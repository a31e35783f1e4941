namespace RlhfV.Evaluation;

/// <summary>How bootstrap confidence intervals are drawn: items are resampled with replacement, bounds are percentiles.</summary>
public sealed record BootstrapOptions
{
    private readonly int _resamples = 2000;
    private readonly double _confidence = 0.95;

    /// <summary>Number of resamples, 100 or more.</summary>
    /// <value>The default is 2000.</value>
    /// <exception cref="ArgumentOutOfRangeException">Below 100, where the outer percentiles mean nothing.</exception>
    public int Resamples
    {
        get => _resamples;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 100);
            _resamples = value;
        }
    }

    /// <summary>Probability that an interval covers the figure, above 0 and below 1.</summary>
    /// <value>The default is 0.95.</value>
    /// <exception cref="ArgumentOutOfRangeException">Not between 0 and 1.</exception>
    public double Confidence
    {
        get => _confidence;
        init
        {
            if (value is not (> 0 and < 1))
            {
                throw new ArgumentOutOfRangeException(nameof(value), value, "The confidence must lie between 0 and 1, for example 0.95.");
            }

            _confidence = value;
        }
    }

    /// <summary>Decides every draw: equal seeds and equal data give equal intervals.</summary>
    /// <value>The default is 0.</value>
    public ulong Seed { get; init; }

    internal static BootstrapOptions Default { get; } = new();
}
