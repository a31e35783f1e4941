namespace RlhfV.Models.Tokenization;

/// <summary>
/// <c>tokenizer.model</c> with the rules of Python's slow Llama tokenizer around added tokens: the text is cut at them, an added token that
/// carries no flags takes the white space of its neighbours with it, and every stretch that is left is encoded by itself.
/// </summary>
internal sealed class SentencePieceTextTokenizer : TextTokenizer
{
    private const char Mark = '\u2581';

    private readonly BytePairModel _model;
    private readonly SentencePieceRules _rules;
    private readonly AddedTokenCutter _cutter;

    public SentencePieceTextTokenizer(
        TokenizerFiles files,
        TokenizerRoles roles,
        TokenTable table,
        IReadOnlyList<AddedToken> added,
        BytePairModel model,
        SentencePieceRules rules)
        : base(files, roles, table)
    {
        _model = model;
        _rules = rules;
        _cutter = new AddedTokenCutter(added.Select(t => (t.Content, t)), pythonBlanks: true);
    }

    public override EncodedText EncodeWithOffsets(string text, bool addSpecialTokens = true)
    {
        ArgumentNullException.ThrowIfNull(text);
        text = WellFormed(text);
        var ids = new List<int>();
        var spans = new List<TokenSpan>();
        var symbols = new List<Symbol>();
        if (addSpecialTokens && _rules.AddBegin && BosId is int begin)
            Add(begin, new TokenSpan(0, 0));
        bool startsText = true;
        foreach (AddedTokenCutter.Cut cut in _cutter.Split(text))
        {
            if (cut.Token is { } token)
                Add(token.Id, new TokenSpan(cut.Start, cut.Length));
            else
                AddStretch(AlignedText.Of(text.Substring(cut.Start, cut.Length), cut.Start), startsText);
            startsText = cut.Token is { StartsText: true };
        }

        if (addSpecialTokens && _rules.AddEnd && EosId is int end)
            Add(end, new TokenSpan(text.Length, 0));
        return new EncodedText(ids, spans);

        void Add(int id, TokenSpan span)
        {
            ids.Add(id);
            spans.Add(span);
        }

        void AddStretch(AlignedText stretch, bool isStart)
        {
            AlignedText marked = stretch.With(stretch.Text.Replace(' ', Mark));
            if (_rules.AddPrefix && (isStart || _rules.PrefixEveryStretch))
                marked = marked.Prepend(Mark.ToString());
            symbols.Clear();
            _model.Encode(marked.Text, symbols);
            foreach (Symbol symbol in symbols)
                Add(symbol.Id, marked.Source(symbol.Start, symbol.End - symbol.Start));
        }
    }

    private protected override TokenText CreateTokenText(Func<int, string?> token) =>
        new SentencePieceTokenText(token, [(Mark.ToString(), " ")], byteFallback: true, leadingBlanks: _rules.AddPrefix ? 1 : 0);
}
