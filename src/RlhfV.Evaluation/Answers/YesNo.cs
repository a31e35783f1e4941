namespace RlhfV.Evaluation;

/// <summary>Reads an answer to a yes/no question as a person would, or not at all.</summary>
internal static class YesNo
{
    /// <summary>True for yes, false for no, null for an answer that says neither or both.</summary>
    public static bool? Read(string answer)
    {
        string[] words = Words(answer);
        if (words.Length == 0)
        {
            return null;
        }

        if (words[0] is "yes" or "yeah" or "yep")
        {
            return true;
        }

        if (words[0] is "no" or "nope")
        {
            return false;
        }

        if (words.Any(word => word is "unclear" or "unknown" or "cannot" or "can't" or "maybe" or "unsure" or "if"))
        {
            return null;
        }

        if (words[0] is "there" && words.Length > 1 && words[1] is "is" or "are" or "isn't" or "aren't")
        {
            return !words.Any(word => word is "no" or "not" or "none" or "isn't" or "aren't");
        }

        bool yes = words.Contains("yes"), no = words.Contains("no");
        return yes == no ? null : yes;
    }

    /// <summary>Runs of letters and apostrophes, in lower case.</summary>
    private static string[] Words(string text)
    {
        char[] letters = [.. text.Select(c => char.IsLetter(c) ? char.ToLowerInvariant(c) : c is '\'' or '\u2019' ? '\'' : ' ')];
        return [.. new string(letters).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => word.Trim('\''))
            .Where(word => word.Length > 0)];
    }
}
