namespace RlhfV.Models.Tokenization;

/// <summary>
/// The steps of Python's tokenizers library: cut at added tokens, normalise each stretch between them, split it into pieces, merge the
/// bytes
/// or characters of each piece.
/// </summary>
internal sealed class PipelineTokenizer : TextTokenizer
{
    private readonly TokenizerPipeline _pipeline;
    private readonly AddedTokenCutter _given;
    private readonly AddedTokenCutter? _normalized;
    private readonly Dictionary<int, string> _normalizedContent = [];

    public PipelineTokenizer(TokenizerFiles files, TokenizerRoles roles, TokenizerPipeline pipeline)
        : base(files, roles, pipeline.Table)
    {
        _pipeline = pipeline;
        _given = new AddedTokenCutter(pipeline.Added.Where(t => !t.Normalized).Select(t => (t.Content, t)));
        AddedToken[] normalized = [.. pipeline.Added.Where(t => t.Normalized)];
        foreach (AddedToken token in normalized)
            _normalizedContent[token.Id] = Normalize(AlignedText.Of(token.Content, 0)).Text;
        _normalized = normalized.Length == 0 ? null : new AddedTokenCutter(normalized.Select(t => (_normalizedContent[t.Id], t)));
    }

    public override EncodedText EncodeWithOffsets(string text, bool addSpecialTokens = true)
    {
        ArgumentNullException.ThrowIfNull(text);
        text = WellFormed(text);
        var output = new Output(_pipeline.Model);
        if (addSpecialTokens)
            output.Add(_pipeline.Before, 0);
        foreach (AddedTokenCutter.Cut cut in _given.Split(text))
        {
            if (cut.Token is { } token)
                output.Add(token.Id, new TokenSpan(cut.Start, cut.Length));
            else
                EncodeStretch(AlignedText.Of(text.Substring(cut.Start, cut.Length), cut.Start), output);
        }

        if (addSpecialTokens)
            output.Add(_pipeline.Behind, text.Length);
        return output.ToEncodedText();
    }

    // What was normalised on the way in must be undone by the decoder on the way out.
    private protected override TokenText CreateTokenText(Func<int, string?> token) => _pipeline.CreateText(
        id => token(id) is { } content ? _normalizedContent.GetValueOrDefault(id, content) : null);

    private void EncodeStretch(AlignedText stretch, Output output)
    {
        AlignedText text = Normalize(stretch);
        if (_normalized is null)
        {
            EncodePieces(TextPiece.Whole(text), output);
            return;
        }

        foreach (AddedTokenCutter.Cut cut in _normalized.Split(text.Text))
        {
            if (cut.Token is { } token)
                output.Add(token.Id, text.Source(cut.Start, cut.Length));
            else
                EncodePieces(new TextPiece(text, cut.Start, cut.Length), output);
        }
    }

    private void EncodePieces(TextPiece stretch, Output output)
    {
        foreach (TextPiece piece in PieceSplitter.Run(_pipeline.Splitters, stretch))
            output.Add(piece);
    }

    private AlignedText Normalize(AlignedText text) => _pipeline.Normalizer?.Normalize(text) ?? text;

    private sealed class Output(BytePairModel model)
    {
        private readonly List<int> _ids = [];
        private readonly List<TokenSpan> _spans = [];
        private readonly List<Symbol> _symbols = [];

        public void Add(int id, TokenSpan span)
        {
            _ids.Add(id);
            _spans.Add(span);
        }

        public void Add(IReadOnlyList<int> ids, int place)
        {
            foreach (int id in ids)
                Add(id, new TokenSpan(place, 0));
        }

        public void Add(TextPiece piece)
        {
            _symbols.Clear();
            model.Encode(piece.Span, _symbols);
            foreach (Symbol symbol in _symbols)
                Add(symbol.Id, piece.Owner.Source(piece.Start + symbol.Start, symbol.End - symbol.Start));
        }

        public EncodedText ToEncodedText() => new(_ids, _spans);
    }
}
