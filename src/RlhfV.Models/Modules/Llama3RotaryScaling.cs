namespace RlhfV.Models.Modules;

/// <summary>
/// Llama 3.1's stretching of rotary frequencies (<c>rope_type</c> <c>llama3</c>): waves longer than the original context are slowed down by
/// <see cref="Factor"/>, short ones stay, those between are mixed.
/// </summary>
public sealed record Llama3RotaryScaling
{
    /// <summary>By how much long waves are slowed down.</summary>
    public required double Factor { get; init; }

    /// <summary>Waves longer than the original context divided by this are long.</summary>
    public required double LowFrequencyFactor { get; init; }

    /// <summary>Waves shorter than the original context divided by this are short.</summary>
    public required double HighFrequencyFactor { get; init; }

    /// <summary>Context the model was first trained with, in tokens.</summary>
    public required double OriginalMaxPositions { get; init; }

    /// <summary>The frequency that takes another's place.</summary>
    /// <param name="frequency">Radians per position.</param>
    public double Apply(double frequency)
    {
        double waves = OriginalMaxPositions / (2 * Math.PI / frequency);        // how many fit into the original context
        if (waves < LowFrequencyFactor)
        {
            return frequency / Factor;
        }

        if (waves > HighFrequencyFactor)
        {
            return frequency;
        }

        double share = (waves - LowFrequencyFactor) / (HighFrequencyFactor - LowFrequencyFactor);
        return frequency * (((1 - share) / Factor) + share);
    }
}
