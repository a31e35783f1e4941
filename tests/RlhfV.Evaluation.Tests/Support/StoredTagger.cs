using System.Text.Json;

namespace RlhfV.Evaluation.Tests;

/// <summary>Gives the tags that a stored case lists.</summary>
internal sealed class StoredTagger : IPhraseTagger
{
    private readonly Dictionary<string, TaggedWord[]> _phrases = [];

    public IReadOnlyDictionary<string, TaggedWord[]> Phrases => _phrases;

    public void Add(JsonElement tokens)
    {
        foreach (JsonProperty phrase in tokens.EnumerateObject())
        {
            _phrases[phrase.Name] =
                [.. phrase.Value.EnumerateArray().Select(t => new TaggedWord(t[0].GetString()!, t[1].GetString()!, t[2].GetString()!))];
        }
    }

    public IReadOnlyList<TaggedWord> Tag(string text) => _phrases[text];
}
