using RlhfV.Preferences;

namespace RlhfV.Evaluation;

/// <summary>A stretch of an answer that the picture contradicts, and what is wrong with it.</summary>
public sealed record HallucinatedSegment
{
    /// <summary>Makes a segment with one kind of mistake.</summary>
    /// <param name="span">The stretch of the answer in UTF-16 code units; one character or more.</param>
    /// <param name="type">What is wrong.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="span"/> is empty or starts below zero.</exception>
    public HallucinatedSegment(TextSpan span, HallucinationType type)
        : this(span, [type])
    {
    }

    /// <summary>Makes a segment that is wrong in several ways, as MHumanEval's annotators may mark it.</summary>
    /// <param name="span">The stretch of the answer in UTF-16 code units; one character or more.</param>
    /// <param name="types">What is wrong: one type or more; repeated types count once.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="span"/> is empty or starts below zero.</exception>
    /// <exception cref="ArgumentException"><paramref name="types"/> is empty.</exception>
    public HallucinatedSegment(TextSpan span, IEnumerable<HallucinationType> types)
    {
        ArgumentNullException.ThrowIfNull(types);
        ArgumentOutOfRangeException.ThrowIfNegative(span.Start, nameof(span));
        ArgumentOutOfRangeException.ThrowIfLessThan(span.Length, 1, nameof(span));
        Span = span;
        Types = [.. types.Distinct()];
        if (Types.Count == 0)
        {
            throw new ArgumentException(
                "A hallucinated segment has no type; name at least one, HallucinationType.Other when none fits.", nameof(types));
        }
    }

    /// <summary>The stretch of the answer, in UTF-16 code units.</summary>
    public TextSpan Span { get; }

    /// <summary>What is wrong: at least one type, each once.</summary>
    public IReadOnlyList<HallucinationType> Types { get; }
}
