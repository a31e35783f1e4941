namespace RlhfV.Preferences;

/// <summary>One ingredient of a mix.</summary>
public sealed record WeightedPreferences
{
    /// <summary>Makes an ingredient.</summary>
    /// <param name="examples">The examples, enumerated once per mix.</param>
    /// <param name="weight">How often it is drawn compared with the others; finite and above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="weight"/> is not a finite number above 0.</exception>
    public WeightedPreferences(IEnumerable<PreferenceExample> examples, double weight)
    {
        ArgumentNullException.ThrowIfNull(examples);
        if (!double.IsFinite(weight) || weight <= 0)
            throw new ArgumentOutOfRangeException(nameof(weight), weight, "A weight is a finite number above 0.");
        Examples = examples;
        Weight = weight;
    }

    /// <summary>The examples.</summary>
    public IEnumerable<PreferenceExample> Examples { get; }

    /// <summary>How often they are drawn compared with the others.</summary>
    public double Weight { get; }
}
