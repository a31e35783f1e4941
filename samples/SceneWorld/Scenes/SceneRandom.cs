namespace SceneWorld;

/// <summary>
/// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): a tiny generator whose numbers are the same on every machine and runtime,
/// which <see cref="Random"/> does not promise.
/// </summary>
public sealed class SceneRandom
{
    private ulong _state;

    /// <summary>Makes a generator.</summary>
    /// <param name="seed">Any number.</param>
    /// <param name="stream">Separates generators that share a seed, for example a scene's drawing from its caption.</param>
    public SceneRandom(long seed, ulong stream = 0)
    {
        _state = unchecked((ulong)seed * 0xD1342543DE82EF95UL) ^ unchecked(stream * 0x9E3779B97F4A7C15UL);
        NextBits();
    }

    /// <summary>
    /// One seed from a scene's and a wording's, so that one wording seed used for many scenes still varies the wording, and no simple
    /// relation between the two (equal, doubled ..) makes many pairs fall together.
    /// </summary>
    /// <param name="scene">The scene's number.</param>
    /// <param name="wording">The wording's number.</param>
    public static long Combine(long scene, long wording) => unchecked(scene + (wording * (long)0x9E3779B97F4A7C15UL));

    /// <summary>A number from 0 to <paramref name="exclusiveMax"/> - 1.</summary>
    /// <param name="exclusiveMax">At least 1.</param>
    public int Next(int exclusiveMax) => (int)((NextBits() >> 32) * (ulong)exclusiveMax >> 32);

    /// <summary>A number in [0, 1).</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>True with the given probability.</summary>
    /// <param name="probability">From 0 to 1.</param>
    public bool Chance(double probability) => NextDouble() < probability;

    /// <summary>One of the items, all equally likely.</summary>
    /// <param name="items">At least one.</param>
    public T Pick<T>(params ReadOnlySpan<T> items) => items[Next(items.Length)];

    /// <summary>An index drawn in proportion to its weight.</summary>
    /// <param name="weights">Zero or more each, with a positive sum.</param>
    public int PickWeighted(ReadOnlySpan<double> weights)
    {
        double sum = 0;
        foreach (double weight in weights)
        {
            sum += weight;
        }

        double place = NextDouble() * sum;
        int last = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            if (weights[i] <= 0)
            {
                continue;
            }

            last = i;
            place -= weights[i];
            if (place < 0)
            {
                return i;
            }
        }

        return last;
    }

    /// <summary>Puts the items in random order.</summary>
    /// <param name="items">Shuffled in place.</param>
    public void Shuffle<T>(Span<T> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = Next(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private ulong NextBits()
    {
        ulong z = _state += 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
