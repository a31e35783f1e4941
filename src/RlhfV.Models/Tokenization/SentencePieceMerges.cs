using System.Text;

namespace RlhfV.Models.Tokenization;

/// <summary>
/// The merges of a SentencePiece byte-pair model. The file has none: two neighbours may become one when together they are a piece, pieces
/// of higher score first and among equals the leftmost.
/// </summary>
/// <remarks>
/// <c>SentencePieceTokenizer</c> of Microsoft.ML.Tokenizers 2.0.1 reads these files too, but does not take the leftmost of equals: behind a
/// line feed it makes <c>#</c>, <c>##</c> of <c>###</c>, where SentencePiece makes <c>##</c>, <c>#</c>. Every turn of RLHF-V's
/// conversations
/// begins that way.
/// </remarks>
internal static class SentencePieceMerges
{
    private const char Mark = '\u2581';

    public static BytePairModel Build(SentencePieceFile model, Vocabulary vocabulary)
    {
        HashSet<string> normal = [.. model.NormalPieces.Select(p => p.Text)];
        var merges = new Dictionary<long, Merge>();
        int rank = -1;
        float last = float.NaN;
        foreach ((string text, float score) in model.NormalPieces.OrderByDescending(p => p.Score))
        {
            if (score != last)
                rank++;
            last = score;
            for (int cut = FirstLength(text); cut < text.Length; cut += FirstLength(text.AsSpan(cut)))
            {
                if (normal.Contains(text[..cut]) && normal.Contains(text[cut..]))
                    merges[BytePairModel.Pair(model.Pieces[text[..cut]], model.Pieces[text[cut..]])] = new Merge(rank, model.Pieces[text]);
            }
        }

        var symbols = new CharacterSymbols(vocabulary, model.Pieces[model.UnknownPiece], model.ByteFallback, fuseUnknown: true);
        return new BytePairModel(
            vocabulary, symbols, merges, wordMark: BytePairModel.MergesStayBehind(Mark, vocabulary, merges.Keys) ? Mark : null);
    }

    private static int FirstLength(ReadOnlySpan<char> text)
    {
        Rune.DecodeFromUtf16(text, out _, out int length);
        return length;
    }
}
