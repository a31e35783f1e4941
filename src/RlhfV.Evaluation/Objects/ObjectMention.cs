using RlhfV.Preferences;

namespace RlhfV.Evaluation;

/// <summary>A word of a text that stands for an object.</summary>
/// <param name="Word">The word in the vocabulary's spelling.</param>
/// <param name="Class">The class it stands for.</param>
/// <param name="Index">Which word of the text it is, counted before pairs are merged.</param>
/// <param name="Span">Where it stands in the text; covers both words of a pair.</param>
public readonly record struct ObjectMention(string Word, string Class, int Index, TextSpan Span);
