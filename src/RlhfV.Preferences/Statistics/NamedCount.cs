namespace RlhfV.Preferences;

/// <summary>How often something occurs.</summary>
/// <param name="Name">What occurs.</param>
/// <param name="Count">How often.</param>
/// <param name="Share">Its part of the whole, 0 to 1.</param>
public readonly record struct NamedCount(string Name, int Count, double Share);
