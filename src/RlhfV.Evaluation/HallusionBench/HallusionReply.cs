using System.Text.RegularExpressions;

namespace RlhfV.Evaluation;

/// <summary>The two readings of a judge's reply.</summary>
internal static partial class HallusionReply
{
    public static HallusionVerdict ReadOfficial(string reply) =>
        reply.Contains("incorrect", StringComparison.OrdinalIgnoreCase) ? HallusionVerdict.Wrong
        : reply.Contains("correct", StringComparison.OrdinalIgnoreCase) ? HallusionVerdict.Right
        : HallusionVerdict.Unclear;

    /// <summary>Whole words; a denied one is its opposite; a reply that says both commits to nothing.</summary>
    public static HallusionVerdict Read(string reply)
    {
        bool right = false, wrong = false;
        foreach (Match word in Verdict.Matches(reply))
        {
            bool says = !word.Groups["verdict"].Value.StartsWith("in", StringComparison.OrdinalIgnoreCase);
            bool isRight = says != word.Groups["denial"].Success;
            right |= isRight;
            wrong |= !isRight;
        }

        return right == wrong ? HallusionVerdict.Unclear : right ? HallusionVerdict.Right : HallusionVerdict.Wrong;
    }

    [GeneratedRegex(
        @"(?<denial>\b(not|never|isn['\u2019]t|wasn['\u2019]t|hardly)\s+(\w+\s+){0,2})?\b(?<verdict>(in)?correct)\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Verdict { get; }
}
