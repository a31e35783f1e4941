namespace RlhfV.Preferences;

/// <summary>
/// Assigns examples to parts such as training and test. All pairs of one picture go to the same part, whatever their order, their number
/// or the file they come from: the picture's content and the seed decide alone, so that a grown data set keeps its old assignments. Pairs
/// without a picture go by their prompt. The parts' sizes are therefore only close to their shares.
/// </summary>
/// <remarks>
/// A pair with several pictures goes where each of them goes. Where they go to different parts the splitter has to know all pairs first, to
/// keep pictures together that pairs show together: see <see cref="KeepingTogether"/>.
/// </remarks>
public sealed class PreferenceSplitter
{
    private readonly double[] _limits;
    private readonly int _seed;
    private readonly PictureLinks? _links;

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

    private PreferenceSplitter(PreferenceSplitter other, PictureLinks links) =>
        (_limits, _seed, _links) = (other._limits, other._seed, links);

    /// <summary>
    /// A splitter with the same seed and shares that puts pictures into one part which some example shows together, also over several
    /// examples. Pictures that stand alone in every example keep their part. As the data grow, pictures that become linked may change theirs.
    /// </summary>
    /// <param name="examples">All examples that will be split; read once.</param>
    public PreferenceSplitter KeepingTogether(IEnumerable<PreferenceExample> examples)
    {
        ArgumentNullException.ThrowIfNull(examples);
        return new PreferenceSplitter(this, PictureLinks.Of(examples));
    }

    /// <summary>The part of an example.</summary>
    /// <param name="example">The example.</param>
    /// <returns>Index of the part, in the order of the shares.</returns>
    /// <exception cref="ArgumentException">
    /// It has several pictures that go to different parts, and <see cref="KeepingTogether"/> was not told of it.
    /// </exception>
    public int Assign(PreferenceExample example)
    {
        ArgumentNullException.ThrowIfNull(example);
        IReadOnlyList<PreferenceImage> images = example.Images;
        if (images.Count == 0)
            return PartOf($"prompt:{example.Prompt}");

        int[] parts = [.. images.Select(image => PartOf(KeyOf(image))).Distinct()];
        return parts.Length == 1
            ? parts[0]
            : throw new ArgumentException(
                $"The example {example.Origin.Id ?? $"'{example.Prompt}'"} has {images.Count} pictures that go to the parts "
                + $"{string.Join(" and ", parts.Order())}, so that one of them would be in both. "
                + $"Split with {nameof(PreferenceSplitter)}.{nameof(KeepingTogether)}(examples).",
                nameof(example));
    }

    /// <summary>The examples of one part, lazily and in their order.</summary>
    /// <param name="examples">All examples.</param>
    /// <param name="part">Index of the part.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such part.</exception>
    /// <exception cref="ArgumentException">While enumerating: as <see cref="Assign"/>.</exception>
    public IEnumerable<PreferenceExample> Part(IEnumerable<PreferenceExample> examples, int part)
    {
        ArgumentNullException.ThrowIfNull(examples);
        ArgumentOutOfRangeException.ThrowIfNegative(part);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(part, _limits.Length);
        return examples.Where(example => Assign(example) == part);
    }

    private string KeyOf(PreferenceImage image)
    {
        string key = ImageKey.Of(image);
        return _links?.Find(key) ?? key;
    }

    private int PartOf(string key)
    {
        double place = ImageKey.ToUnit(key, _seed);
        int part = Array.FindIndex(_limits, limit => place < limit);
        return part < 0 ? _limits.Length - 1 : part;
    }
}
