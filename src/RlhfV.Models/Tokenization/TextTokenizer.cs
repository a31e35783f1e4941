using Microsoft.ML.Tokenizers;

namespace RlhfV.Models.Tokenization;

/// <summary>
/// Turns text into the token ids a model was trained with, and back. Safe for use by several threads at once.
/// </summary>
/// <remarks>
/// Special and added tokens are found in any text: a text that contains <c>&lt;image&gt;</c> literally becomes that token, as in the
/// reference implementations. Half of a surrogate pair that stands alone is read as U+FFFD.
/// </remarks>
public abstract class TextTokenizer
{
    private readonly TokenizerFiles _files;
    private readonly TokenTable _table;

    private protected TextTokenizer(TokenizerFiles files, TokenizerRoles roles, TokenTable table)
    {
        _files = files;
        _table = table;
        BosId = Find(roles.Bos);
        EosId = Find(roles.Eos);
        PadId = Find(roles.Pad);
        UnkId = Find(roles.Unk);

        int? Find(string? token) => token is null ? null : table.Id(token);
    }

    /// <summary>Highest token id plus one, added tokens included. A model may have more rows.</summary>
    public int VocabularySize => _table.Size;

    /// <summary>The token that begins a sentence, or null when the tokenizer names none.</summary>
    public int? BosId { get; }

    /// <summary>The token that ends an answer, or null when the tokenizer names none.</summary>
    public int? EosId { get; }

    /// <summary>The token that fills up short rows, or null when the tokenizer names none.</summary>
    public int? PadId { get; }

    /// <summary>The token for what the vocabulary cannot express, or null when the tokenizer names none.</summary>
    public int? UnkId { get; }

    /// <summary>Loads the tokenizer of a checkpoint folder.</summary>
    /// <param name="folder">
    /// A folder with <c>tokenizer.json</c>, or with <c>tokenizer.model</c> and, where there are any, <c>added_tokens.json</c>,
    /// <c>tokenizer_config.json</c> and <c>special_tokens_map.json</c>.
    /// </param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="DirectoryNotFoundException">The folder does not exist.</exception>
    /// <exception cref="FileNotFoundException">The folder holds no tokenizer, or not the one that the options ask for.</exception>
    /// <exception cref="ModelFormatException">
    /// A file is damaged or asks for a step that is not known here; the message names it.
    /// </exception>
    public static TextTokenizer Load(string folder, TextTokenizerOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return TokenizerLoader.Load(TokenizerFiles.Read(folder), options ?? new TextTokenizerOptions());
    }

    /// <summary>Turns a text into ids and says where in the text each of them lies.</summary>
    /// <param name="text">The text, in UTF-16.</param>
    /// <param name="addSpecialTokens">Whether to put the tokenizer's beginning and end tokens around the ids.</param>
    public abstract EncodedText EncodeWithOffsets(string text, bool addSpecialTokens = true);

    /// <summary>Turns a text into ids.</summary>
    /// <param name="text">The text, in UTF-16.</param>
    /// <param name="addSpecialTokens">Whether to put the tokenizer's beginning and end tokens around the ids.</param>
    public IReadOnlyList<int> Encode(string text, bool addSpecialTokens = true) => EncodeWithOffsets(text, addSpecialTokens).Ids;

    /// <summary>Turns ids into text. Ids without a token are skipped: models have spare rows that can win a step.</summary>
    /// <param name="ids">Token ids.</param>
    /// <param name="skipSpecialTokens">Whether special tokens are left out of the text.</param>
    public string Decode(IReadOnlyList<int> ids, bool skipSpecialTokens = true)
    {
        ArgumentNullException.ThrowIfNull(ids);
        TokenText text = CreateTokenText(skipSpecialTokens ? VisibleToken : Token);
        foreach (int id in ids)
            text.Append(id);
        text.Flush();
        return text.Take();
    }

    /// <summary>The id of a token, or null when there is none of that text.</summary>
    /// <param name="token">The token as the vocabulary writes it (with <c>▁</c> for a blank, or in GPT-2's byte alphabet).</param>
    public int? TokenId(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return _table.Id(token);
    }

    /// <summary>The token of an id as the vocabulary writes it, or null when there is none.</summary>
    /// <param name="id">A token id.</param>
    public string? Token(int id) => _table.Token(id);

    /// <summary>A decoder that takes one id after the other and gives out whole characters; special tokens are left out.</summary>
    public TextStreamDecoder CreateStreamDecoder() => new(CreateTokenText(VisibleToken));

    /// <summary>
    /// This tokenizer for code that works with Microsoft.ML.Tokenizers. It adds no special tokens around a text, keeps them when it
    /// decodes,
    /// and its offsets count in the text as given. A limit on tokens that falls inside a character leaves the whole character out.
    /// </summary>
    public Tokenizer AsTokenizer() => new TextTokenizerAdapter(this);

    /// <summary>Writes the tokenizer's files into a folder, byte for byte as they were read.</summary>
    /// <param name="folder">The folder; it is made when it does not exist, and files of the same names are replaced.</param>
    public void Save(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        _files.Write(folder);
    }

    private protected abstract TokenText CreateTokenText(Func<int, string?> token);

    /// <summary>The text with lone surrogates as U+FFFD, unit for unit.</summary>
    private protected static string WellFormed(string text)
    {
        int at = 0;
        while ((at = text.AsSpan(at).IndexOfAnyInRange('\uD800', '\uDFFF') is >= 0 and int next ? at + next : -1) >= 0)
        {
            if (!char.IsSurrogatePair(text, at))
                return Repair(text);
            at += 2;
        }

        return text;
    }

    private static string Repair(string text) => string.Create(text.Length, text, static (units, source) =>
    {
        source.CopyTo(units);
        for (int i = 0; i < units.Length; i++)
        {
            if (!char.IsSurrogate(units[i]))
                continue;
            if (i + 1 < units.Length && char.IsSurrogatePair(units[i], units[i + 1]))
                i++;
            else
                units[i] = '\uFFFD';
        }
    });

    private string? VisibleToken(int id) => _table.IsSpecial(id) ? null : _table.Token(id);
}
