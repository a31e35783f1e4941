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
                $"The folder '{files.Folder}' holds neither {TokenizerFiles.TokenizerJson} nor {TokenizerFiles.SentencePieceModel}. "
                + "Copy the tokenizer's files into it, or load the tokenizer from the folder that has them.",
                files.Path(TokenizerFiles.TokenizerJson));
        return json ? TokenizerJsonReader.Read(files, options) : SentencePieceReader.Read(files, options);
    }
}
