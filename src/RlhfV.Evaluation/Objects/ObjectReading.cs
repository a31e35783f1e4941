namespace RlhfV.Evaluation;

/// <summary>What an <see cref="ObjectReader"/> found in a text.</summary>
/// <param name="Words">All words in their base form, pairs merged, punctuation included.</param>
/// <param name="Mentions">The words that stand for an object, in order; a repeated word is repeated.</param>
public sealed record ObjectReading(IReadOnlyList<string> Words, IReadOnlyList<ObjectMention> Mentions);
