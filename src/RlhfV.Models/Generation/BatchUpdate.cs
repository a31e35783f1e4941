namespace RlhfV.Models.Generation;

/// <summary>A piece of one of the answers of a <see cref="GenerationBatch"/>.</summary>
/// <param name="Id">The answer's <see cref="BatchPrompt.Id"/>.</param>
/// <param name="Update">The piece.</param>
public readonly record struct BatchUpdate(long Id, GenerationUpdate Update);
