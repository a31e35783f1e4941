namespace RlhfV.Evaluation;

/// <summary>
/// Splits English text into sentences as the tokenizer of the benchmarks' scripts does: by the method of Kiss and Strunk (Unsupervised
/// Multilingual Sentence Boundary Detection, 2006) with the abbreviations of its published English model. The scripts give it text in lower
/// case, so what the model knows about capital letters never decides and is left out.
/// </summary>
internal static class SentenceSplitter
{
    /// <summary>Places of the sentences, in order; white space between them belongs to none.</summary>
    /// <param name="text">Text in lower case.</param>
    /// <param name="sentences">Receives start and end of each.</param>
    public static void Split(ReadOnlySpan<char> text, List<(int Start, int End)> sentences)
    {
        sentences.Clear();
        int from = 0;
        var previous = default(Candidate);
        for (int at = text.IndexOfAny('.', '?', '!'); at >= 0; at = NextMark(text, at + 1))
        {
            if (!TryFollow(text, at, out int contextEnd, out int next))
            {
                continue;
            }

            // The word before reaches back to the last blank; marks within one word are one candidate, the last of them.
            int word = LastBlank(text[previous.Mark..at]) is > 0 and int blank ? previous.Mark + blank + 1 : previous.Word;
            if (previous.ContextEnd > 0 && previous.Mark <= word)
            {
                from = Decide(text, previous, from, sentences);
            }

            previous = new(word, at, contextEnd, next);
        }

        if (previous.ContextEnd > 0)
        {
            from = Decide(text, previous, from, sentences);
        }

        sentences.Add((from, TextClass.TrimmedLength(text)));
        MoveClosers(text, sentences);
    }

    private static int NextMark(ReadOnlySpan<char> text, int from) => text[from..].IndexOfAny('.', '?', '!') is >= 0 and int found ? from + found : -1;

    /// <summary>What may follow the end of a sentence: a mark of punctuation, or white space and another word.</summary>
    private static bool TryFollow(ReadOnlySpan<char> text, int mark, out int contextEnd, out int next)
    {
        int at = mark + 1;
        contextEnd = next = 0;
        if (at < text.Length && SentenceWord.IsSeparator(text[at]))
        {
            contextEnd = at + 1;
            return true;
        }

        while (at < text.Length && TextClass.IsSpace(text[at]))
        {
            at++;
        }

        if (at == mark + 1 || at == text.Length)
        {
            return false;
        }

        next = at;
        while (at < text.Length && !TextClass.IsSpace(text[at]))
        {
            at++;
        }

        contextEnd = at;
        return true;
    }

    /// <summary>Index of the last blank, tab or line break; 0 where there is none, as where the first character is one.</summary>
    private static int LastBlank(ReadOnlySpan<char> text) => Math.Max(0, text.LastIndexOfAny(" \t\n\r\v\f"));

    private static int Decide(ReadOnlySpan<char> text, Candidate candidate, int from, List<(int Start, int End)> sentences)
    {
        if (!SentenceWord.HasBreak(text[candidate.Word..candidate.ContextEnd]))
        {
            return from;
        }

        sentences.Add((from, candidate.Mark + 1));
        return candidate.Next > 0 ? candidate.Next : candidate.Mark + 1;
    }

    /// <summary>Closing quotes and brackets that begin a sentence belong to the one before.</summary>
    private static void MoveClosers(ReadOnlySpan<char> text, List<(int Start, int End)> sentences)
    {
        int kept = 0, moved = 0;
        for (int i = 0; i < sentences.Count; i++)
        {
            (int start, int end) = sentences[i];
            start += moved;
            moved = 0;
            if (i + 1 < sentences.Count && Closers(text[sentences[i + 1].Start..sentences[i + 1].End]) is { Marks: > 0 } closers)
            {
                end = sentences[i + 1].Start + closers.Marks;
                moved = closers.Length;
            }

            if (start < end)
            {
                sentences[kept++] = (start, end);
            }
        }

        sentences.RemoveRange(kept, sentences.Count - kept);
    }

    /// <summary>Number of closing marks at the start that stand alone, and their length with the white space behind them.</summary>
    private static (int Marks, int Length) Closers(ReadOnlySpan<char> text)
    {
        int marks = 0;
        while (marks < text.Length && text[marks] is '"' or '\'' or ')' or ']' or '}')
        {
            marks++;
        }

        int at = marks;
        while (at < text.Length && TextClass.IsSpace(text[at]))
        {
            at++;
        }

        return at > marks || at == text.Length || text[at..].StartsWith("--") ? (marks, at) : default;
    }

    /// <summary>A mark that may end a sentence: where its word begins, the mark itself, and what follows.</summary>
    private readonly record struct Candidate(int Word, int Mark, int ContextEnd, int Next);
}
