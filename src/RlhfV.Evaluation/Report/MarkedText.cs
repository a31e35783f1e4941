using System.Text;
using RlhfV.Preferences;

namespace RlhfV.Evaluation;

/// <summary>An answer as HTML with its hallucinated segments marked.</summary>
internal static class MarkedText
{
    /// <summary>
    /// Escapes the answer and wraps each segment in a mark element that names its types in the title, in a class per type of the paper,
    /// and in words behind it for whoever sees no colours. Where segments overlap, the later one is marked from where the earlier one ends.
    /// </summary>
    public static string Html(ResponseAssessment response)
    {
        string text = response.Response;
        var html = new StringBuilder(text.Length * 2);
        int done = 0;
        foreach (HallucinatedSegment segment in response.Segments.OrderBy(s => s.Span.Start).ThenByDescending(s => s.Span.Length))
        {
            int start = Math.Max(done, Boundary(text, segment.Span.Start));
            int end = BoundaryAfter(text, segment.Span.End);
            if (end <= start)
            {
                continue;
            }

            html.Append(HtmlText.Escape(text[done..start]));
            Append(html, text[start..end], segment.Types);
            done = end;
        }

        return html.Append(HtmlText.Escape(text[done..])).ToString();
    }

    /// <summary>The class of a type in the page's style sheet. Codes are free text, so only the known ones become class names.</summary>
    public static string ClassOf(HallucinationType type) =>
        HallucinationType.All.Contains(type) ? type.Code : HallucinationType.Other.Code;

    private static void Append(StringBuilder html, string text, IReadOnlyList<HallucinationType> types)
    {
        string title = HtmlText.Escape(string.Join(", ", types.Select(t => t.Code)));
        string classes = string.Join(' ', types.Select(ClassOf).Distinct());
        html.Append($"<mark class=\"{classes}\" title=\"{title}\" data-type=\"{title}\">{HtmlText.Escape(text)}</mark>");
    }

    // A span that cuts a surrogate pair is widened: half a character cannot be shown.
    private static int Boundary(string text, int index) => Cuts(text, index) ? index - 1 : index;

    private static int BoundaryAfter(string text, int index) => Cuts(text, index) ? index + 1 : index;

    private static bool Cuts(string text, int index) =>
        index > 0 && index < text.Length && char.IsHighSurrogate(text[index - 1]) && char.IsLowSurrogate(text[index]);
}
