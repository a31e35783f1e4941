namespace RlhfV.Evaluation;

/// <summary>
/// The SplitMix64 generator (Steele, Lea, Flood, OOPSLA 2014). <see cref="Random"/> is not used because its sequence for a seed is no part
/// of its contract, and intervals in stored reports must come out the same with the next runtime.
/// </summary>
internal struct SplitMix64(ulong seed)
{
    private ulong _state = seed;

    /// <summary>A number from 0 to <paramref name="bound"/> - 1.</summary>
    public int Next(int bound)
    {
        _state += 0x9E3779B97F4A7C15;
        ulong z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        z ^= z >> 31;

        // High half of the product instead of a remainder: no division, and a bias below 2^-32 for any bound that fits an int.
        return (int)Math.BigMul(z, (ulong)bound, out _);
    }
}
