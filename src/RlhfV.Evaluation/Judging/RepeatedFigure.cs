namespace RlhfV.Evaluation;

/// <summary>A figure computed from several judgements of the same answers: how far the judge's own whims move it.</summary>
public sealed record RepeatedFigure
{
    private RepeatedFigure(IReadOnlyList<double> values)
    {
        Values = values;
        Mean = values.Average();
        StandardDeviation = values.Count < 2
            ? double.NaN : Math.Sqrt(values.Sum(value => (value - Mean) * (value - Mean)) / (values.Count - 1));
    }

    /// <summary>The figure of each repeat.</summary>
    public IReadOnlyList<double> Values { get; }

    /// <summary>Their mean.</summary>
    public double Mean { get; }

    /// <summary>Their sample standard deviation; NaN for a single repeat, which says nothing about spread.</summary>
    public double StandardDeviation { get; }

    /// <summary>Takes one figure out of each repeat's result.</summary>
    /// <typeparam name="T">The benchmark's result.</typeparam>
    /// <param name="repeats">The results, one per repeat; at least one.</param>
    /// <param name="figure">The figure.</param>
    /// <exception cref="ArgumentException">There is no result.</exception>
    public static RepeatedFigure Of<T>(IReadOnlyList<T> repeats, Func<T, double> figure)
    {
        ArgumentNullException.ThrowIfNull(repeats);
        ArgumentNullException.ThrowIfNull(figure);
        return repeats.Count > 0
            ? new([.. repeats.Select(figure)])
            : throw new ArgumentException("There is no result to take the figure from.", nameof(repeats));
    }
}
