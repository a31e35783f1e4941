using System.Text.Json;

namespace RlhfV.Models.Tokenization;

/// <summary>Builds the slow tokenizer from <c>tokenizer.model</c> and the JSON files beside it.</summary>
internal static class SentencePieceReader
{
    public static TextTokenizer Read(TokenizerFiles files, TextTokenizerOptions options)
    {
        SentencePieceFile model = SentencePieceFile.Read(
            files.Path(TokenizerFiles.SentencePieceModel), files.Bytes(TokenizerFiles.SentencePieceModel));
        JsonPart? configuration = files.Json(TokenizerFiles.Configuration);
        TokenizerRoles roles = TokenizerRoles.Read(files);
        roles = roles with
        {
            Bos = roles.Bos ?? model.BeginPiece,
            Eos = roles.Eos ?? model.EndPiece,
            Unk = roles.Unk ?? model.UnknownPiece,
        };
        var vocabulary = new Vocabulary(model.Pieces);
        IReadOnlyList<AddedToken> added = AddedToken.WithPlaceholders(
            [.. OwnTokens(model), .. AddedTokens(files, configuration, model)], vocabulary, options.Placeholders);
        var rules = new SentencePieceRules(
            configuration?.OptionalFlag("add_bos_token", true) ?? true,
            configuration?.OptionalFlag("add_eos_token", false) ?? false,
            model.AddDummyPrefix,
            options.Legacy ?? configuration?.OptionalFlag("legacy", true) ?? true);
        BytePairModel merger = SentencePieceMerges.Build(model, vocabulary);
        return new SentencePieceTextTokenizer(files, roles, new TokenTable(vocabulary, added), added, merger, rules);
    }

    // <s>, </s> and <unk> are found in text as well, and leave the blanks around them alone.
    private static IEnumerable<AddedToken> OwnTokens(SentencePieceFile model) =>
        model.ControlPieces.Append(model.UnknownPiece).Select(piece => new AddedToken(model.Pieces[piece], piece, Special: true));

    private static IEnumerable<AddedToken> AddedTokens(TokenizerFiles files, JsonPart? configuration, SentencePieceFile model)
    {
        var described = new Dictionary<string, AddedToken>();
        foreach ((string key, JsonPart part) in configuration?.Optional("added_tokens_decoder")?.Properties() ?? [])
        {
            if (!int.TryParse(key, out int id) || id < 0 || id > Vocabulary.LargestId)
                throw part.Error($"under the name \"{key}\"", "a token id as the name");
            AddedToken token = Described(id, part);
            described[token.Content] = token;
        }

        foreach ((string content, JsonPart part) in files.Json(TokenizerFiles.AddedTokens)?.Properties() ?? [])
        {
            int id = part.Number(0, Vocabulary.LargestId);

            // Tokens from before flags were written down strip both sides: "<im_end>\n" is one token.
            described.TryAdd(content, new AddedToken(id, content, Special: true, StripLeft: true, StripRight: true));
            if (described[content].Id != id)
                throw part.Error($"{id}, which {TokenizerFiles.Configuration} calls {described[content].Id}", "the same id in both files");
        }

        return described.Values.Where(t => !model.Pieces.TryGetValue(t.Content, out int own) || own != t.Id);
    }

    private static AddedToken Described(int id, JsonPart part)
    {
        if (part.Kind != JsonValueKind.Object)
            throw part.Error(part.Describe(), "an object");
        return new AddedToken(
            id,
            part.Required("content").Text(),
            part.OptionalFlag("special", false),
            part.OptionalFlag("lstrip", false),
            part.OptionalFlag("rstrip", false),
            part.OptionalFlag("single_word", false));
    }
}
