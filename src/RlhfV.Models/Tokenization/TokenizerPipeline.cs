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
