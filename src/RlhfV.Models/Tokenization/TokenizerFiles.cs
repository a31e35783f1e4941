namespace RlhfV.Models.Tokenization;

/// <summary>
/// The files that make up a tokenizer, held as bytes: they are small beside a model, and saving must give them back unchanged even when
/// the folder they came from is gone.
/// </summary>
internal sealed class TokenizerFiles
{
    public const string TokenizerJson = "tokenizer.json";
    public const string SentencePieceModel = "tokenizer.model";
    public const string Configuration = "tokenizer_config.json";
    public const string SpecialTokensMap = "special_tokens_map.json";
    public const string AddedTokens = "added_tokens.json";
    public const string Merges = "merges.txt";

    /// <summary>All files that may belong to a tokenizer.</summary>
    public static readonly string[] Names =
    [
        TokenizerJson, SentencePieceModel, Configuration, SpecialTokensMap, AddedTokens,
        "vocab.json", Merges, "chat_template.json", "chat_template.jinja", "processor_config.json",
    ];

    private readonly Dictionary<string, byte[]> _contents;

    /// <summary>Files in memory; the folder is where messages say they are.</summary>
    public TokenizerFiles(string folder, Dictionary<string, byte[]> contents)
    {
        Folder = folder;
        _contents = contents;
    }

    public string Folder { get; }

    public static TokenizerFiles Read(string folder)
    {
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"There is no folder '{folder}' to load a tokenizer from.");
        var contents = new Dictionary<string, byte[]>();
        foreach (string name in Names)
        {
            string path = System.IO.Path.Combine(folder, name);
            if (!File.Exists(path))
                continue;
            contents[name] = File.ReadAllBytes(path);
            Checkpoints.GitLfsPointer.Refuse(path, contents[name]);
        }

        return new TokenizerFiles(folder, contents);
    }

    public bool Has(string name) => _contents.ContainsKey(name);

    public string Path(string name) => System.IO.Path.Combine(Folder, name);

    public byte[] Bytes(string name) => _contents.TryGetValue(name, out byte[]? bytes)
        ? bytes
        : throw new FileNotFoundException(
            $"'{Folder}' holds no {name}, which this model's tokens are made with. Fetch it from where the model was published; other files of "
            + "the tokenizer give other tokens.",
            Path(name));

    public JsonPart? Json(string name) =>
        _contents.TryGetValue(name, out byte[]? bytes) ? JsonPart.Parse(Path(name), bytes) : null;

    public void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach ((string name, byte[] bytes) in _contents)
        {
            string target = System.IO.Path.Combine(folder, name);
            string temporary = $"{target}.{Guid.NewGuid():N}.tmp";
            try
            {
                File.WriteAllBytes(temporary, bytes);
                File.Move(temporary, target, overwrite: true);
            }
            finally
            {
                File.Delete(temporary);
            }
        }
    }
}
