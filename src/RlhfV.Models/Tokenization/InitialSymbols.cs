namespace RlhfV.Models.Tokenization;

/// <summary>Turns a piece into the symbols that merging starts from.</summary>
internal abstract class InitialSymbols
{
    public abstract void Split(ReadOnlySpan<char> piece, List<Symbol> symbols);

    /// <summary>The piece as the vocabulary would write it as one token.</summary>
    public abstract string Spell(ReadOnlySpan<char> piece);
}
