namespace RlhfV.Models.Tokenization;

/// <summary>The texts of the tokens that play a part, null where the files name none.</summary>
internal sealed record TokenizerRoles(string? Bos, string? Eos, string? Pad, string? Unk)
{
    /// <summary>tokenizer_config.json decides, special_tokens_map.json fills what it leaves open.</summary>
    public static TokenizerRoles Read(TokenizerFiles files)
    {
        JsonPart? configuration = files.Json(TokenizerFiles.Configuration);
        JsonPart? map = files.Json(TokenizerFiles.SpecialTokensMap);
        return new TokenizerRoles(Role("bos_token"), Role("eos_token"), Role("pad_token"), Role("unk_token"));

        string? Role(string name) => Content(configuration?.Optional(name)) ?? Content(map?.Optional(name));
    }

    // A token is written as its text, or as an object with flags.
    private static string? Content(JsonPart? token) => token switch
    {
        null => null,
        { Kind: System.Text.Json.JsonValueKind.Object } written => written.Required("content").Text(),
        { } text => text.Text(),
    };
}
