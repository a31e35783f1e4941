namespace RlhfV.Preferences;

/// <summary>A rule that an example breaks.</summary>
/// <param name="Column">The part that is wrong.</param>
/// <param name="Reason">What is wrong with it.</param>
internal readonly record struct ExampleFault(string Column, string Reason);
