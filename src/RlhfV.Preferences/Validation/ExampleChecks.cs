using System.Text.RegularExpressions;

namespace RlhfV.Preferences;

/// <summary>The rules of validation that concern one readable example.</summary>
internal static partial class ExampleChecks
{
    private static readonly SegmentDiffOptions SingleWords = new() { MinimumMatch = 1 };

    /// <summary>The problems of an example as rule, column and reason.</summary>
    public static IEnumerable<(ValidationRule Rule, string Column, string Reason)> Run(PreferenceExample example, ValidationOptions options)
    {
        if (example.Image is null)
            yield return (ValidationRule.NoPicture, "image", "there is no picture.");
        if (string.IsNullOrWhiteSpace(example.Prompt))
            yield return (ValidationRule.EmptyPrompt, "prompt", "the prompt is empty.");
        if (example.Chosen == example.Rejected)
            yield return (ValidationRule.EqualAnswers, "chosen", "is equal to the rejected answer.");
        else if (ChangedShare(example, options.RewriteMinimumWords) is { } share && share > options.MaximumChangedShare)
        {
            yield return (ValidationRule.Rewritten, "chosen", FormattableString.Invariant(
                $"changes {share:P0} of the answer, more than {options.MaximumChangedShare:P0}. ")
                + "A correction replaces what is wrong and keeps the rest.");
        }

        if (example.Segments.Count > 0 && !AreComplete(example))
        {
            yield return (ValidationRule.IncompleteSegments, "segments",
                "the segments, applied to the rejected answer, do not give the chosen one. "
                + "They belong to other texts, overlap, or leave an edit out.");
        }

        (string, string)[] texts = [("prompt", example.Prompt), ("chosen", example.Chosen), ("rejected", example.Rejected)];
        foreach ((string column, string text) in texts)
        {
            if (Markup().Match(text) is { Success: true } match)
            {
                yield return (ValidationRule.Markup, column,
                    $"holds '{match.Value.Trim()}', which a prompt template would take for its own.");
            }

            if (text.Contains('\uFFFD'))
            {
                yield return (ValidationRule.LostCharacters, column,
                    "holds U+FFFD: characters were lost when the text was converted. Take it from its source again.");
            }
        }
    }

    /// <summary>
    /// Tags and special tokens; bracketed tokens of Llama-like templates; role markers of Vicuna's and Muffin's templates.
    /// </summary>
    [GeneratedRegex(@"</?[A-Za-z_][^<>\n]{0,60}>|<\|[^<>\n]{1,40}\|>|\[/?INST\]|\[PAD\]|### ?(?:Human|Assistant)|\b(?:USER|ASSISTANT): ")]
    private static partial Regex Markup();

    private static bool AreComplete(PreferenceExample example)
    {
        TextSegment[] segments =
        [
            .. SegmentDiff.Segments(example).OrderBy(segment => segment.Rejected.Start).ThenBy(segment => segment.Chosen.Start)
        ];
        bool overlaps = segments.Zip(segments.Skip(1)).Any(pair => pair.Second.Rejected.Start < pair.First.Rejected.End);
        return !overlaps && SegmentDiff.Apply(example.Rejected, example.Chosen, segments) == example.Chosen;
    }

    /// <summary>Changed characters of both answers over all their characters; null for answers too short to judge.</summary>
    internal static double? ChangedShare(PreferenceExample example, int minimumWords)
    {
        if (WordSplitter.Split(example.Rejected).Count < minimumWords && WordSplitter.Split(example.Chosen).Count < minimumWords)
            return null;
        int changed = SegmentDiff.Words(example.Rejected, example.Chosen, SingleWords)
            .Sum(segment => segment.Rejected.Length + segment.Chosen.Length);
        return (double)changed / (example.Rejected.Length + example.Chosen.Length);
    }
}
