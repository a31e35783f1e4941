namespace RlhfV.Models.Tokenization;

/// <summary>
/// Builds a tokenizer from <c>tokenizer.json</c>. Every part that changes ids or text is either known here or refused by its name.
/// </summary>
internal static class TokenizerJsonReader
{
    public static TextTokenizer Read(TokenizerFiles files, TextTokenizerOptions options)
    {
        JsonPart root = JsonPart.Parse(files.Path(TokenizerFiles.TokenizerJson), files.Bytes(TokenizerFiles.TokenizerJson));
        TokenizerRoles roles = TokenizerRoles.Read(files);
        JsonPart modelPart = root.Required("model");
        List<PieceSplitter> splitters = [];
        bool byteLevel = root.Optional("pre_tokenizer") is { } part && PreTokenizerReader.Read(part, splitters);
        (Vocabulary vocabulary, BytePairModel model, string? unknown) = BytePairModelReader.Read(modelPart, byteLevel);
        IReadOnlyList<AddedToken> added = AddedToken.WithPlaceholders(
            ReadAdded(root.Optional("added_tokens"), vocabulary), vocabulary, options.Placeholders);
        var table = new TokenTable(vocabulary, added);
        (int[] before, int[] behind) = PostProcessorReader.Read(root.Optional("post_processor"), table);
        var pipeline = new TokenizerPipeline(
            table,
            added,
            root.Optional("normalizer") is { } normalizer ? NormalizerReader.Read(normalizer) : null,
            splitters,
            model,
            before,
            behind,
            DecoderReader.Read(root.Required("decoder")));
        return new PipelineTokenizer(files, roles with { Unk = roles.Unk ?? unknown }, pipeline);
    }

    private static List<AddedToken> ReadAdded(JsonPart? list, Vocabulary vocabulary)
    {
        var added = new List<AddedToken>();
        var taken = new HashSet<int>();
        foreach (JsonPart part in list?.Items() ?? [])
        {
            var token = new AddedToken(
                part.Required("id").Number(0, Vocabulary.LargestId),
                part.Required("content").Text(),
                part.OptionalFlag("special", false),
                part.OptionalFlag("lstrip", false),
                part.OptionalFlag("rstrip", false),
                part.OptionalFlag("single_word", false),
                part.OptionalFlag("normalized", false));
            if (vocabulary.Id(token.Content) is int known && known != token.Id)
                throw part.Error(
                    $"the token '{token.Content}' with id {token.Id}, which the vocabulary numbers {known}", "one id per token");
            if (!taken.Add(token.Id) || (vocabulary.Token(token.Id) is { } other && other != token.Content))
                throw part.Error($"the token '{token.Content}' with the id {token.Id} of another token", "an id of its own");
            added.Add(token);
        }

        return added;
    }
}
