namespace RlhfV.Models;

/// <summary>Text in a turn.</summary>
/// <param name="Text">The text, in UTF-16.</param>
public sealed record TextPart(string Text) : PromptPart;
