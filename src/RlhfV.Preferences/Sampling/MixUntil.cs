namespace RlhfV.Preferences;

/// <summary>When a mix ends.</summary>
public enum MixUntil
{
    /// <summary>
    /// When all ingredients are used up: every example comes exactly once. An ingredient that ends early leaves its share to the others.
    /// </summary>
    AllEnd,

    /// <summary>When the first ingredient is used up and would be drawn again: the shares hold to the end.</summary>
    OneEnds,
}
