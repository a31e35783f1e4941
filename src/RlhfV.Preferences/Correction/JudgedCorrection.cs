namespace RlhfV.Preferences;

/// <summary>One correction as a judge describes it.</summary>
/// <param name="Wrong">The phrase of the answer.</param>
/// <param name="Right">The phrase that replaces it.</param>
/// <param name="Type">What was wrong.</param>
internal sealed record JudgedCorrection(string Wrong, string Right, HallucinationType Type);
