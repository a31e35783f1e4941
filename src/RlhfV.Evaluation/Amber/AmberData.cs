using System.Globalization;
using System.Text.Json;

namespace RlhfV.Evaluation;

/// <summary>The annotations and word lists of AMBER (Wang et al., 2023), read from a copy of its repository's <c>data</c> folder.</summary>
public sealed class AmberData
{
    private AmberData(
        IReadOnlyList<AmberItem> items, IReadOnlyDictionary<string, IReadOnlyList<string>> relations, IReadOnlySet<string> safeWords)
    {
        Items = items;
        Relations = relations;
        SafeWords = safeWords;
        Vocabulary = relations.Keys.Concat(relations.Values.SelectMany(words => words)).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>All items.</summary>
    public IReadOnlyList<AmberItem> Items { get; }

    /// <summary>Objects and the words that also stand for them.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Relations { get; }

    /// <summary>Words that are never hallucinated.</summary>
    public IReadOnlySet<string> SafeWords { get; }

    /// <summary>Every word of <see cref="Relations"/>: only these nouns of a description count.</summary>
    public IReadOnlySet<string> Vocabulary { get; }

    /// <summary>Reads <c>annotations.json</c>, <c>relation.json</c> and <c>safe_words.txt</c> from a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="InvalidDataException">A file has another layout.</exception>
    public static AmberData Load(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        return Load(
            Path.Combine(folder, "annotations.json"), Path.Combine(folder, "relation.json"), Path.Combine(folder, "safe_words.txt"));
    }

    /// <summary>Reads the three files.</summary>
    /// <param name="annotations">Array of <c>{"id", "type", "truth", "hallu"}</c>.</param>
    /// <param name="relations">Object of object names and arrays of words.</param>
    /// <param name="safeWords">One word per line.</param>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="InvalidDataException">A file has another layout.</exception>
    public static AmberData Load(string annotations, string relations, string safeWords)
    {
        foreach (string file in (string[])[annotations, relations, safeWords])
        {
            if (!File.Exists(file))
            {
                throw new FileNotFoundException($"There is no '{file}'; expected a file of AMBER's data folder.", file);
            }
        }

        HashSet<string> safe = [.. File.ReadLines(safeWords).Select(line => line.Trim()).Where(line => line.Length > 0)];
        return new(ReadItems(annotations), ReadRelations(relations), safe);
    }

    private static AmberItem[] ReadItems(string path)
    {
        List<JsonRecord> records = JsonRecords.Read(path, out List<EvaluationDiagnostic> diagnostics);
        if (diagnostics.Count > 0)
        {
            throw new InvalidDataException($"{path}: {diagnostics[0].Item}: {diagnostics[0].Message}");
        }

        AmberItem[] items = [.. records.Select(ReadItem)];
        return items.CountBy(item => item.Id).FirstOrDefault(item => item.Value > 1) is { Value: > 1, Key: var repeated }
            ? throw new InvalidDataException($"{path}: the id {repeated} occurs twice; ids pair answers with items and must be unique.")
            : items;
    }

    private static AmberItem ReadItem(JsonRecord record)
    {
        if (!int.TryParse(record.Value.IdOf("id"), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)
            || record.Value.TextOf("type") is not { } type || !record.Value.TryGetProperty("truth", out JsonElement truth))
        {
            throw new InvalidDataException($"{record.Place}: expected an item with a whole number 'id', 'type' and 'truth'.");
        }

        return truth.ValueKind switch
        {
            JsonValueKind.Array => new()
            {
                Id = number,
                Type = type,
                Truth = Words(truth, record.Place),
                Targets = record.Value.TryGetProperty("hallu", out JsonElement targets) ? Words(targets, record.Place) : [],
            },
            JsonValueKind.String => new() { Id = number, Type = type, Answer = IsYes(JsonText.Of(truth), record.Place) },
            _ => throw new InvalidDataException(
                $"{record.Place}: 'truth' is {truth.ValueKind}, expected a list of objects, \"yes\" or \"no\"."),
        };
    }

    private static Dictionary<string, IReadOnlyList<string>> ReadRelations(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            using JsonDocument document = JsonDocument.Parse(file);
            var relations = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
            foreach (JsonProperty relation in document.RootElement.EnumerateObject())
            {
                if (!relations.TryAdd(relation.Name, Words(relation.Value, $"{path}: {relation.Name}")))
                {
                    throw new InvalidDataException($"{path}: '{relation.Name}' occurs twice; put its words into one list.");
                }
            }

            return relations;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"{path} is no object of names and lists of words: {e.Message}", e);
        }
    }

    /// <summary>Whatever is neither would be taken for a no, and right answers for wrong ones.</summary>
    private static bool IsYes(string truth, string place) => truth switch
    {
        "yes" => true,
        "no" => false,
        _ => throw new InvalidDataException($"{place}: 'truth' is '{truth}', expected a list of objects, \"yes\" or \"no\"."),
    };

    private static IReadOnlyList<string> Words(JsonElement array, string place) =>
        array.ValueKind == JsonValueKind.Array && array.EnumerateArray().All(word => word.ValueKind == JsonValueKind.String)
            ? [.. array.EnumerateArray().Select(word => JsonText.Of(word))]
            : throw new InvalidDataException($"{place}: expected a list of words, found {JsonText.Quote(array)}.");
}
