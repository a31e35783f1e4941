using System.Text.Json.Serialization;

namespace RlhfV.Preferences;

/// <summary>Where a picture stands in a conversation.</summary>
/// <param name="Turn">Index of the user turn among the turns before the prompt; their number stands for the prompt itself.</param>
/// <param name="Position">UTF-16 code units of the turn's text that stand before the picture, from 0 to the text's length.</param>
[method: JsonConstructor]
public readonly record struct ImagePlace(int Turn, int Position);
