using System.Text.Json;
using System.Text.RegularExpressions;

namespace RlhfV.Evaluation;

/// <summary>
/// Singular forms by the tables of CLiPS Pattern's inflector, which the first CHAIR script (2018) used. It errs where that one errs:
/// <c>bus</c> becomes <c>bu</c>, <c>four</c> becomes <c>fmy</c>; figures agree with published ones only so.
/// </summary>
internal sealed class Singularizer
{
    private static readonly Lazy<Singularizer> LazyDefault = new(() => new());

    private readonly (Regex Pattern, string Replacement)[] _rules;
    private readonly string[] _unchanged;
    private readonly string[] _ie;
    private readonly (string Ending, string Singular)[] _irregular;
    private readonly HashSet<string> _prepositions;

    private Singularizer()
    {
        using JsonDocument tables = JsonDocument.Parse(EmbeddedData.ReadText("singular-rules.json"));
        JsonElement root = tables.RootElement;
        _rules =
        [
            .. root.GetProperty("rules").EnumerateArray().Select(rule => (
                new Regex(rule[0].GetString()!, RegexOptions.CultureInvariant), // Most rules ignore case by themselves; some do not.
                rule[1].GetString()!.Replace('\\', '$'))),
        ];
        _unchanged = [.. Words("uninflected"), .. Words("uncountable")];
        _ie = Words("ie");
        _irregular = [.. root.GetProperty("irregular").EnumerateObject().Select(p => (p.Name, p.Value.GetString()!))];
        _prepositions = [.. Words("compound_prepositions")];

        string[] Words(string name) => [.. root.GetProperty(name).EnumerateArray().Select(word => word.GetString()!)];
    }

    public static Singularizer Default => LazyDefault.Value;

    /// <summary>The singular of a word.</summary>
    public string Singular(string word)
    {
        string[] parts = word.Split('-');
        if (parts.Length > 1 && _prepositions.Contains(parts[1]))
        {
            return string.Join('-', [Singular(parts[0]), .. parts[1..]]);
        }

        if (word.EndsWith('\''))
        {
            return Singular(word[..^1]) + "'s";
        }

        string lower = word.ToLowerInvariant();

        // The published test asks whether a table word ends with the word, not the other way round, so "s" and "ice" stay as they are.
        if (_unchanged.Any(table => table.EndsWith(lower, StringComparison.Ordinal)))
        {
            return word;
        }

        if (_ie.Any(ie => lower.EndsWith(ie + "s", StringComparison.Ordinal)))
        {
            return lower;
        }

        foreach ((string ending, string singular) in _irregular)
        {
            if (lower.EndsWith(ending, StringComparison.Ordinal))
            {
                return string.Concat(word.AsSpan(0, word.Length - ending.Length), singular);
            }
        }

        foreach ((Regex pattern, string replacement) in _rules)
        {
            if (pattern.IsMatch(word))
            {
                return pattern.Replace(word, replacement);
            }
        }

        return word;
    }
}
