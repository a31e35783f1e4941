namespace RlhfV.Models.Tokenization;

/// <summary>The vocabulary together with the tokens that were added to it.</summary>
internal sealed class TokenTable
{
    private readonly Vocabulary _vocabulary;
    private readonly Dictionary<int, AddedToken> _byId = [];
    private readonly Dictionary<string, int> _byContent = [];

    public TokenTable(Vocabulary vocabulary, IReadOnlyList<AddedToken> added)
    {
        _vocabulary = vocabulary;
        foreach (AddedToken token in added)
        {
            _byId[token.Id] = token;
            _byContent[token.Content] = token.Id;
        }

        Size = Math.Max(vocabulary.Size, added.Count == 0 ? 0 : added.Max(t => t.Id) + 1);
    }

    /// <summary>Highest id plus one.</summary>
    public int Size { get; }

    public int? Id(string token) => _byContent.TryGetValue(token, out int id) ? id : _vocabulary.Id(token);

    public string? Token(int id) => _byId.TryGetValue(id, out AddedToken? token) ? token.Content : _vocabulary.Token(id);

    public bool IsSpecial(int id) => _byId.TryGetValue(id, out AddedToken? token) && token.Special;
}
