using System.Globalization;

namespace RlhfV.Models.Grounding;

/// <summary>Finds the words of an answer and adds up their tokens.</summary>
internal static class AnswerWords
{
    public static IReadOnlyList<GroundedWord> Of(string answer, IReadOnlyList<GroundedToken> tokens)
    {
        var words = new List<GroundedWord>();
        int next = 0;
        foreach ((int start, int end) in Joined(Runs(answer), tokens))
        {
            double with = 0, blank = 0;
            while (next < tokens.Count && tokens[next].Span.End <= start)
            {
                next++; // Marks and blanks between words.
            }

            for (; next < tokens.Count && tokens[next].Span.Length > 0 && tokens[next].Span.Start < end; next++)
            {
                with += tokens[next].LogProbability;
                blank += tokens[next].BlankLogProbability;
            }

            words.Add(new GroundedWord(start, end - start, answer[start..end], with, blank));
        }

        return words;
    }

    /// <summary>Makes one of runs that a token spans, so that no token belongs to two words.</summary>
    private static List<(int Start, int End)> Joined(List<(int Start, int End)> runs, IReadOnlyList<GroundedToken> tokens)
    {
        var joined = new List<(int Start, int End)>(runs.Count);
        int token = 0;
        foreach ((int start, int end) in runs)
        {
            while (token < tokens.Count && tokens[token].Span.End <= start)
            {
                token++;
            }

            bool shared = joined.Count > 0 && token < tokens.Count && tokens[token].Span.Start < joined[^1].End;
            if (shared)
            {
                joined[^1] = (joined[^1].Start, end);
            }
            else
            {
                joined.Add((start, end));
            }
        }

        return joined;
    }

    private static List<(int Start, int End)> Runs(string answer)
    {
        var runs = new List<(int Start, int End)>();
        int start = -1;
        for (int i = 0; i <= answer.Length; i++)
        {
            if (i < answer.Length && (IsPart(answer, i) || (start >= 0 && IsInside(answer, i))))
            {
                start = start < 0 ? i : start;
            }
            else if (start >= 0)
            {
                runs.Add((start, i));
                start = -1;
            }
        }

        return runs;
    }

    /// <summary>Whether an apostrophe, a hyphen or a decimal mark stands inside a word.</summary>
    private static bool IsInside(string answer, int i) =>
        i + 1 < answer.Length && answer[i] is '\'' or '\u2019' or '-' or '.' or ',' && IsPart(answer, i + 1)
        && (answer[i] is not ('.' or ',') || (char.IsDigit(answer[i - 1]) && char.IsDigit(answer[i + 1])));

    private static bool IsPart(string answer, int i) =>
        CharUnicodeInfo.GetUnicodeCategory(answer, char.IsLowSurrogate(answer[i]) && i > 0 ? i - 1 : i) is
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter
        or UnicodeCategory.OtherLetter or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
        or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;
}
