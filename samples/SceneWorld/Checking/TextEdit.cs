using System.Text;
using RlhfV.Preferences;

namespace SceneWorld;

/// <summary>A replacement in a text.</summary>
/// <param name="Span">What is replaced.</param>
/// <param name="Replacement">What comes instead; empty for a deletion.</param>
/// <param name="Cause">The hallucination it repairs.</param>
internal sealed record TextEdit(TextSpan Span, string Replacement, HallucinatedSegment Cause)
{
    /// <summary>Applies edits.</summary>
    /// <param name="text">The text.</param>
    /// <param name="edits">Ordered by place, none overlapping another.</param>
    /// <returns>The new text and one segment per hallucination: neighbouring edits with the same cause become one.</returns>
    public static Correction Apply(string text, IReadOnlyList<TextEdit> edits)
    {
        var chosen = new StringBuilder();
        var segments = new List<CorrectedSegment>();
        int done = 0;
        for (int i = 0; i < edits.Count; i++)
        {
            TextEdit edit = edits[i];
            chosen.Append(text, done, edit.Span.Start - done);
            var to = new TextSpan(chosen.Length, edit.Replacement.Length);
            chosen.Append(edit.Replacement);
            done = edit.Span.End;
            if (i > 0 && ReferenceEquals(edits[i - 1].Cause, edit.Cause))
            {
                CorrectedSegment previous = segments[^1];
                segments[^1] = previous with { Rejected = Join(previous.Rejected, edit.Span), Chosen = Join(previous.Chosen, to) };
            }
            else
            {
                segments.Add(new CorrectedSegment { Rejected = edit.Span, Chosen = to, Type = edit.Cause.Type });
            }
        }

        chosen.Append(text, done, text.Length - done);
        return new Correction(chosen.ToString(), segments);
    }

    private static TextSpan Join(TextSpan first, TextSpan last) => new(first.Start, last.End - first.Start);
}
