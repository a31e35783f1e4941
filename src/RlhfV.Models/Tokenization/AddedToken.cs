namespace RlhfV.Models.Tokenization;

/// <summary>A token that is cut out of the text before the vocabulary is asked.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Content">Its text.</param>
/// <param name="Special">Whether decoding may skip it.</param>
/// <param name="StripLeft">Whether it swallows the white space before it.</param>
/// <param name="StripRight">Whether it swallows the white space behind it.</param>
/// <param name="SingleWord">Whether it counts only where no word character touches it.</param>
/// <param name="Normalized">
/// Whether it is looked for in the normalised text (in its own normalised form) instead of the text as given.
/// </param>
/// <param name="StartsText">Whether what follows is encoded like the start of a text, where that makes a difference.</param>
internal sealed record AddedToken(
    int Id,
    string Content,
    bool Special,
    bool StripLeft = false,
    bool StripRight = false,
    bool SingleWord = false,
    bool Normalized = false,
    bool StartsText = false)
{
    /// <summary>The tokens with placeholders behind them that are not among the known ones.</summary>
    /// <param name="added">The tokens that the files add.</param>
    /// <param name="vocabulary">The tokens of the model.</param>
    /// <param name="placeholders">The texts of the placeholders.</param>
    public static IReadOnlyList<AddedToken> WithPlaceholders(
        IReadOnlyList<AddedToken> added, Vocabulary vocabulary, IReadOnlyList<string> placeholders)
    {
        var all = new List<AddedToken>(added);
        foreach (string placeholder in placeholders)
        {
            ArgumentException.ThrowIfNullOrEmpty(placeholder, nameof(TextTokenizerOptions.Placeholders));
            int known = all.FindIndex(t => t.Content == placeholder);
            int next = Math.Max(vocabulary.Size, all.Count == 0 ? 0 : all.Max(t => t.Id) + 1);
            if (known < 0)
                all.Add(new AddedToken(vocabulary.Id(placeholder) ?? next, placeholder, Special: true, StartsText: true));
            else
                all[known] = all[known] with { StartsText = true };
        }

        return all;
    }
}
