using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace RlhfV.Models.Tokenization;

/// <summary>Byte-pair encoding: splits a piece into symbols and merges neighbours until no merge is left. Results are remembered.</summary>
internal sealed class BytePairModel
{
    // Enough for the words of any corpus that repeats itself; what comes after is computed each time.
    private const int MostRemembered = 1 << 16;
    private const int LongestRemembered = 128;

    private readonly Vocabulary _vocabulary;
    private readonly InitialSymbols _symbols;
    private readonly Dictionary<long, Merge> _merges;
    private readonly bool _wholePieceFirst;
    private readonly char? _wordMark;
    private readonly ConcurrentDictionary<string, Symbol[]> _remembered = new();
    private readonly ConcurrentDictionary<string, Symbol[]>.AlternateLookup<ReadOnlySpan<char>> _rememberedBySpan;
    private int _rememberedCount;

    /// <param name="vocabulary">The tokens.</param>
    /// <param name="symbols">What merging starts from.</param>
    /// <param name="merges">Merges by <see cref="Pair"/>.</param>
    /// <param name="wholePieceFirst">Whether a piece that is a token is taken whole (<c>ignore_merges</c>).</param>
    /// <param name="wordMark">
    /// A character before whose runs pieces may be cut because no merge reaches across (see <see cref="MergesStayBehind"/>), or null. The
    /// ids are the same either way; words repeat, whole texts do not.
    /// </param>
    public BytePairModel(
        Vocabulary vocabulary, InitialSymbols symbols, Dictionary<long, Merge> merges, bool wholePieceFirst = false, char? wordMark = null)
    {
        _vocabulary = vocabulary;
        _symbols = symbols;
        _merges = merges;
        _wholePieceFirst = wholePieceFirst;
        _wordMark = wordMark;
        _rememberedBySpan = _remembered.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public static long Pair(int left, int right) => ((long)left << 32) | (uint)right;

    /// <summary>True when no merge joins a token that ends in another character with one that starts with the mark.</summary>
    public static bool MergesStayBehind(char mark, Vocabulary vocabulary, IEnumerable<long> pairs) =>
        vocabulary.Id([mark]) is not null && pairs.All(pair =>
            !vocabulary.Token((int)(uint)pair)!.StartsWith(mark) || vocabulary.Token((int)(pair >> 32))!.EndsWith(mark));

    /// <summary>Appends the tokens of a piece; spans are relative to the piece.</summary>
    public void Encode(ReadOnlySpan<char> piece, List<Symbol> tokens)
    {
        if (_wordMark is not char mark)
        {
            EncodeWord(piece, 0, tokens);
            return;
        }

        int start = 0;
        while (start < piece.Length)
        {
            int end = start;
            while (end < piece.Length && piece[end] == mark)
                end++;
            while (end < piece.Length && piece[end] != mark)
                end++;
            EncodeWord(piece[start..end], start, tokens);
            start = end;
        }
    }

    private void EncodeWord(ReadOnlySpan<char> word, int offset, List<Symbol> tokens)
    {
        if (!_rememberedBySpan.TryGetValue(word, out Symbol[]? symbols))
        {
            symbols = Compute(word);
            if (word.Length <= LongestRemembered && _rememberedCount < MostRemembered && _remembered.TryAdd(word.ToString(), symbols))
                Interlocked.Increment(ref _rememberedCount);
        }

        foreach (Symbol symbol in symbols)
            tokens.Add(new Symbol(symbol.Id, symbol.Start + offset, symbol.End + offset));
    }

    private Symbol[] Compute(ReadOnlySpan<char> word)
    {
        if (_wholePieceFirst && _vocabulary.Id(_symbols.Spell(word)) is int whole)
            return [new Symbol(whole, 0, word.Length)];
        var symbols = new List<Symbol>(word.Length);
        _symbols.Split(word, symbols);
        return MergeAll(CollectionsMarshal.AsSpan(symbols));
    }

    private Symbol[] MergeAll(Span<Symbol> symbols)
    {
        // Neighbours as a linked list over the array; a symbol that was merged into its left neighbour has id -1.
        int[] next = new int[symbols.Length];
        int[] previous = new int[symbols.Length];
        var queue = new PriorityQueue<(int Left, int Right, int Id), long>(symbols.Length);
        for (int i = 0; i < symbols.Length; i++)
        {
            previous[i] = i - 1;
            next[i] = i + 1 < symbols.Length ? i + 1 : -1;
        }

        for (int i = 0; i + 1 < symbols.Length; i++)
            Offer(symbols, i, i + 1);

        while (queue.TryDequeue(out (int Left, int Right, int Id) candidate, out _))
        {
            (int left, int right, int id) = candidate;
            if (symbols[left].Id < 0 || symbols[right].Id < 0 || next[left] != right
                || !_merges.TryGetValue(Pair(symbols[left].Id, symbols[right].Id), out Merge merge) || merge.Id != id)
                continue;

            symbols[left] = new Symbol(id, symbols[left].Start, symbols[right].End);
            symbols[right].Id = -1;
            next[left] = next[right];
            if (next[left] >= 0)
            {
                previous[next[left]] = left;
                Offer(symbols, left, next[left]);
            }

            if (previous[left] >= 0)
                Offer(symbols, previous[left], left);
        }

        var tokens = new List<Symbol>();
        foreach (Symbol symbol in symbols)
        {
            if (symbol.Id >= 0)
                tokens.Add(symbol);
        }

        return [.. tokens];

        void Offer(Span<Symbol> all, int left, int right)
        {
            if (_merges.TryGetValue(Pair(all[left].Id, all[right].Id), out Merge merge))
                queue.Enqueue((left, right, merge.Id), ((long)merge.Rank << 32) | (uint)left);
        }
    }
}
