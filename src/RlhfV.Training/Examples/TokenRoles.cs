using RlhfV.Models;
using RlhfV.Preferences;

namespace RlhfV.Training.Examples;

/// <summary>Finds out which tokens of two answers were corrected.</summary>
/// <param name="source">Where corrections come from.</param>
/// <param name="oneSided">Whether tokens count as corrected where the other answer has nothing.</param>
internal sealed class TokenRoles(SegmentSource source, OneSidedEdits oneSided)
{
    // The preference package gives weights; any number but 1 tells the corrected tokens from the others.
    private const float Mark = 2;

    /// <summary>Roles of the answers' tokens.</summary>
    public (TokenRole[] Chosen, TokenRole[] Rejected) Of(PreferenceExample example, EncodedAnswer chosen, EncodedAnswer rejected)
    {
        PairWeights weights = source switch
        {
            SegmentSource.AnnotationOrDiff => ByText(SegmentDiff.Segments(example)),
            SegmentSource.Diff => ByText(SegmentDiff.Words(example.Rejected, example.Chosen)),
            SegmentSource.ReleasedDiff => ByRows(),
            _ => throw new ArgumentOutOfRangeException(nameof(source), source, $"There is no segment source {source}."),
        };
        return (Roles(weights.Chosen), Roles(weights.Rejected));

        PairWeights ByText(IReadOnlyList<TextSegment> segments) =>
            TokenWeights.FromSegments(segments, Places(rejected), Places(chosen), Mark, oneSided);

        // The first token of a row has no log-probability, so the released code compares the rows without it.
        PairWeights ByRows()
        {
            var options = new SegmentDiffOptions { Mode = SegmentDiffMode.ReferenceCompatible };
            PairWeights rows = TokenWeights.FromTokens<int>(Row(rejected), Row(chosen), Mark, options);
            return new PairWeights(rows.Rejected[^rejected.AnswerIds.Count..], rows.Chosen[^chosen.AnswerIds.Count..]);
        }
    }

    private static int[] Row(EncodedAnswer answer) => [.. answer.PromptIds.Skip(1), .. answer.AnswerIds];

    private static TextSpan[] Places(EncodedAnswer answer) => [.. answer.AnswerSpans.Select(span => new TextSpan(span.Start, span.Length))];

    private static TokenRole[] Roles(float[] weights) => [.. weights.Select(w => w == Mark ? TokenRole.Changed : TokenRole.Unchanged)];
}
