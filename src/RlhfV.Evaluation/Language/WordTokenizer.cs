using System.Buffers;
using RlhfV.Preferences;

namespace RlhfV.Evaluation;

/// <summary>
/// Splits English text into words and punctuation as the benchmarks' scripts do: into sentences first, then each by the rules of the Penn
/// Treebank: punctuation comes off, <c>n't</c>, <c>'s</c>, <c>'ll</c> are words of their own, and a period is split off only where a
/// sentence ends.
/// </summary>
internal static class WordTokenizer
{
    /// <summary>What no sentence of the fast path holds: all that a rule of the Treebank looks for, but a comma and a last period.</summary>
    private static readonly SearchValues<char> Marks = SearchValues.Create(";:@#$%&?!*()[]{}<>\"'`\u00AB\u00BB\u201C\u201D\u201E\u2018\u2019");

    private static readonly SearchValues<string> Sequences = SearchValues.Create(
        ["--", "..", ",,", "cannot", "gimme", "gonna", "gotta", "lemme", "wanna"], StringComparison.OrdinalIgnoreCase);

    [ThreadStatic]
    private static Scratch? _scratch;

    /// <summary>Appends all tokens, in order, to <paramref name="tokens"/>.</summary>
    /// <param name="text">Text in lower case; in other text a sentence may end where none is seen.</param>
    /// <param name="tokens">Receives the tokens.</param>
    public static void Tokenize(ReadOnlySpan<char> text, List<WordToken> tokens) => Tokenize(text, tokens, isFast: true);

    /// <summary>As <see cref="Tokenize(ReadOnlySpan{char}, List{WordToken})"/>, without the fast path.</summary>
    internal static void TokenizeByRules(ReadOnlySpan<char> text, List<WordToken> tokens) => Tokenize(text, tokens, isFast: false);

    private static void Tokenize(ReadOnlySpan<char> text, List<WordToken> tokens, bool isFast)
    {
        Scratch scratch = _scratch ??= new();
        SentenceSplitter.Split(text, scratch.Sentences);
        foreach ((int start, int end) in scratch.Sentences)
        {
            ReadOnlySpan<char> sentence = text[start..end];
            if (isFast && !sentence.ContainsAny(Marks) && !sentence.ContainsAny(Sequences))
            {
                Plain(sentence, start, tokens);
            }
            else
            {
                scratch.Text.Load(sentence);
                TreebankRules.Apply(scratch.Text);
                scratch.Text.Collect(sentence, start, tokens);
            }
        }
    }

    /// <summary>A sentence whose only marks are single commas and periods: most are.</summary>
    private static void Plain(ReadOnlySpan<char> sentence, int offset, List<WordToken> tokens)
    {
        int end = TextClass.TrimmedLength(sentence);
        int period = end > 1 && sentence[end - 1] == '.' ? end - 1 : -1;
        int word = 0;
        for (int i = 0; i < end; i++)
        {
            char c = sentence[i];
            if (TextClass.IsSpace(c))
            {
                Add(word, i);
                word = i + 1;
            }
            else if (i == period || (c == ',' && (i + 1 == sentence.Length || !char.IsDigit(sentence[i + 1]))))
            {
                Add(word, i);
                Add(i, i + 1);
                word = i + 1;
            }
        }

        Add(word, end);

        void Add(int start, int stop)
        {
            if (start < stop)
            {
                tokens.Add(new(new TextSpan(offset + start, stop - start), '\0'));
            }
        }
    }

    private sealed class Scratch
    {
        public List<(int Start, int End)> Sentences { get; } = [];

        public TreebankText Text { get; } = new();
    }
}
