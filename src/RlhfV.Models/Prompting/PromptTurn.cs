namespace RlhfV.Models;

/// <summary>What one side says before the other speaks.</summary>
/// <param name="Role">Who speaks.</param>
/// <param name="Parts">Texts and pictures in the order in which they stand.</param>
public sealed record PromptTurn(PromptRole Role, IReadOnlyList<PromptPart> Parts);
