namespace RlhfV.Models.Tokenization;

/// <summary>What a <c>tokenizer.json</c> describes, ready to run.</summary>
/// <param name="Table">All tokens.</param>
/// <param name="Added">The tokens that are cut out of the text first.</param>
/// <param name="Normalizer">How a stretch between added tokens is rewritten, or null.</param>
/// <param name="Splitters">How it is split.</param>
/// <param name="Model">How a piece becomes tokens.</param>
/// <param name="Before">Ids put before a text's own.</param>
/// <param name="Behind">Ids put behind a text's own.</param>
/// <param name="CreateText">Makes a decoder over the tokens that a function gives.</param>
internal sealed record TokenizerPipeline(
    TokenTable Table,
    IReadOnlyList<AddedToken> Added,
    TextNormalizer? Normalizer,
    IReadOnlyList<PieceSplitter> Splitters,
    BytePairModel Model,
    IReadOnlyList<int> Before,
    IReadOnlyList<int> Behind,
    Func<Func<int, string?>, TokenText> CreateText);

/// <summary>
/// The steps of Python's tokenizers library: cut at added tokens, normalise each stretch between them, split it into pieces, merge the bytes
/// or characters of each piece.
/// </summary>
internal sealed class PipelineTokenizer : TextTokenizer
{
    private readonly TokenizerPipeline _pipeline;
    private readonly AddedTokenCutter _given;
    private readonly AddedTokenCutter? _normalized;

    public PipelineTokenizer(TokenizerFiles files, TokenizerRoles roles, TokenizerPipeline pipeline)
        : base(files, roles, pipeline.Table)
    {
        _pipeline = pipeline;
        _given = new AddedTokenCutter(pipeline.Added.Where(t => !t.Normalized).Select(t => (t.Content, t)));
        AddedToken[] normalized = [.. pipeline.Added.Where(t => t.Normalized)];
        _normalized = normalized.Length == 0
            ? null
            : new AddedTokenCutter(normalized.Select(t => (Normalize(AlignedText.Of(t.Content, 0)).Text, t)));
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

    private protected override TokenText CreateTokenText(Func<int, string?> token) => _pipeline.CreateText(token);

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
