namespace RlhfV.Models;

/// <summary>
/// Where the tokens of a sequence stand for the rotary embedding, in families that do not simply count them: Qwen2.5-VL gives an image
/// token a time, a row and a column.
/// </summary>
public sealed class TokenPositions
{
    private readonly long[] _values;

    /// <summary>Makes positions.</summary>
    /// <param name="axes">Number of axes, at least 1.</param>
    /// <param name="values">Positions, token by token, each with one value per axis.</param>
    /// <exception cref="ArgumentException">The values are not a whole number of tokens.</exception>
    public TokenPositions(int axes, IReadOnlyList<long> values)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(axes, 1);
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count % axes != 0)
        {
            throw new ArgumentException($"{values.Count} values are not a whole number of tokens with {axes} axes each.", nameof(values));
        }

        (Axes, _values) = (axes, [.. values]);
        Next = _values.Length == 0 ? 0 : _values.Max() + 1;
    }

    /// <summary>Number of axes.</summary>
    public int Axes { get; }

    /// <summary>Number of tokens.</summary>
    public int Tokens => _values.Length / Axes;

    /// <summary>Position of the token that follows, on every axis.</summary>
    public long Next { get; }

    /// <summary>Positions of a token, one per axis.</summary>
    /// <param name="token">The token's place in the sequence.</param>
    public ReadOnlySpan<long> this[int token] => _values.AsSpan(token * Axes, Axes);
}
