namespace RlhfV.Preferences;

/// <summary>
/// Assigns examples to parts such as training and test. All pairs of one picture go to the same part, whatever their order, their number
/// or the file they come from: the picture's content and the seed decide alone, so that a grown data set keeps its old assignments. Pairs
/// without a picture go by their prompt. The parts' sizes are therefore only close to their shares.
/// </summary>
public sealed class PreferenceSplitter
{
    private readonly double[] _limits;
    private readonly int _seed;

    /// <summary>Makes a splitter.</summary>
    /// <param name="seed">Another seed gives another assignment.</param>
    /// <param name="shares">The parts' shares, each above 0, together 1.</param>
    /// <exception cref="ArgumentException">The shares are not above 0, or their sum is not 1.</exception>
    public PreferenceSplitter(int seed, params ReadOnlySpan<double> shares)
    {
        double sum = 0;
        _limits = new double[shares.Length];
        for (int i = 0; i < shares.Length; i++)
        {
            if (!(shares[i] > 0))
                throw new ArgumentException($"Share {i} is {shares[i]}, expected a number above 0.", nameof(shares));
            _limits[i] = sum += shares[i];
        }

        if (Math.Abs(sum - 1) > 1e-9)
            throw new ArgumentException($"The shares add up to {sum}, expected 1.", nameof(shares));
        _seed = seed;
    }

    /// <summary>The part of an example.</summary>
    /// <param name="example">The example.</param>
    /// <returns>Index of the part, in the order of the shares.</returns>
    public int Assign(PreferenceExample example)
    {
        ArgumentNullException.ThrowIfNull(example);
        double place = ImageKey.ToUnit(example.Image is { } image ? ImageKey.Of(image) : $"prompt:{example.Prompt}", _seed);
        int part = Array.FindIndex(_limits, limit => place < limit);
        return part < 0 ? _limits.Length - 1 : part;
    }

    /// <summary>The examples of one part, lazily and in their order.</summary>
    /// <param name="examples">All examples.</param>
    /// <param name="part">Index of the part.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such part.</exception>
    public IEnumerable<PreferenceExample> Part(IEnumerable<PreferenceExample> examples, int part)
    {
        ArgumentNullException.ThrowIfNull(examples);
        ArgumentOutOfRangeException.ThrowIfNegative(part);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(part, _limits.Length);
        return examples.Where(example => Assign(example) == part);
    }
}
