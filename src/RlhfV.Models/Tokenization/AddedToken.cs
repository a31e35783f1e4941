namespace RlhfV.Models.Tokenization;

/// <summary>A token that is cut out of the text before the vocabulary is asked.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Content">Its text.</param>
/// <param name="Special">Whether decoding may skip it.</param>
/// <param name="StripLeft">Whether it swallows the white space before it.</param>
/// <param name="StripRight">Whether it swallows the white space behind it.</param>
/// <param name="SingleWord">Whether it counts only where no word character touches it.</param>
/// <param name="Normalized">Whether it is looked for in the normalised text (in its own normalised form) instead of the text as given.</param>
internal sealed record AddedToken(
    int Id, string Content, bool Special, bool StripLeft = false, bool StripRight = false, bool SingleWord = false, bool Normalized = false);
