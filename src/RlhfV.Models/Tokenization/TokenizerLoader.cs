namespace RlhfV.Models.Tokenization;

/// <summary>Chooses among a folder's files.</summary>
internal static class TokenizerLoader
{
    public static TextTokenizer Load(TokenizerFiles files, TextTokenizerOptions options)
    {
        bool json = options.Source switch
        {
            TokenizerSource.Automatic => files.Has(TokenizerFiles.TokenizerJson),
            TokenizerSource.TokenizerJson => true,
            TokenizerSource.SentencePiece => false,
            _ => throw new ArgumentOutOfRangeException(nameof(options), options.Source, "The source is none of the known ones."),
        };
        if (!files.Has(TokenizerFiles.TokenizerJson) && !files.Has(TokenizerFiles.SentencePieceModel))
            throw new FileNotFoundException(
                $"'{files.Folder}' holds neither {TokenizerFiles.TokenizerJson} nor {TokenizerFiles.SentencePieceModel}; expected one of them. "
                + (files.Has(TokenizerFiles.Merges)
                    ? $"It holds {TokenizerFiles.Merges}, from which transformers writes {TokenizerFiles.TokenizerJson}: load the tokenizer there and "
                        + "save it with save_pretrained."
                    : "Copy the tokenizer's files into it from where the model was published, or from the model that this one was trained from."),
                files.Path(TokenizerFiles.TokenizerJson));
        return json ? TokenizerJsonReader.Read(files, options) : SentencePieceReader.Read(files, options);
    }
}
