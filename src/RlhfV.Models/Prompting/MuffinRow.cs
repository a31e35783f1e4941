using RlhfV.Models.Tokenization;

namespace RlhfV.Models;

/// <summary>A training row of Muffin or RLHF-V.</summary>
public sealed record MuffinRow
{
    /// <summary>Token ids, the begin token first, not padded.</summary>
    public required IReadOnlyList<int> Ids { get; init; }

    /// <summary>One label per id: the id itself where it counts in the loss, else <see cref="MuffinRowEncoder.IgnoredLabel"/>.</summary>
    public required IReadOnlyList<int> Labels { get; init; }

    /// <summary>The text that was encoded, picture tokens included.</summary>
    public required string Text { get; init; }

    /// <summary>The place of every token in <see cref="Text"/>.</summary>
    public required IReadOnlyList<TokenSpan> Offsets { get; init; }

    /// <summary>The place of the last answer in <see cref="Text"/>.</summary>
    public required TokenSpan Answer { get; init; }

    /// <summary>
    /// Null when all is well. Else why the reference would train nothing on this row (all labels are then
    /// <see cref="MuffinRowEncoder.IgnoredLabel"/>): report the row or leave it out.
    /// </summary>
    public string? Problem { get; init; }
}
