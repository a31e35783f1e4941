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
        if (json)
            return TokenizerJsonReader.Read(files);
        throw new FileNotFoundException($"The folder '{files.Folder}' holds no {TokenizerFiles.TokenizerJson}.", files.Path(TokenizerFiles.TokenizerJson));
    }
}
