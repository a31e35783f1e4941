namespace RlhfV.Models.Tokenization;

/// <summary>Tokens and their ids, both ways.</summary>
internal sealed class Vocabulary
{
    /// <summary>Far above any real vocabulary; keeps a damaged file from asking for the machine's memory.</summary>
    public const int LargestId = (1 << 22) - 1;

    private readonly Dictionary<string, int> _ids;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _bySpan;
    private readonly string?[] _tokens;

    /// <param name="ids">Ids from 0 to <see cref="LargestId"/>; of tokens with equal ids the last counts for the way back.</param>
    public Vocabulary(Dictionary<string, int> ids)
    {
        _ids = ids;
        _bySpan = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        _tokens = new string?[ids.Count == 0 ? 0 : ids.Values.Max() + 1];
        foreach ((string token, int id) in ids)
            _tokens[id] = token;
    }

    /// <summary>Highest id plus one.</summary>
    public int Size => _tokens.Length;

    public int? Id(ReadOnlySpan<char> token) => _bySpan.TryGetValue(token, out int id) ? id : null;

    public string? Token(int id) => (uint)id < (uint)_tokens.Length ? _tokens[id] : null;
}
