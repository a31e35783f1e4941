using System.Text.Json.Nodes;

namespace RlhfV.Evaluation.Tests;

/// <summary>What becomes of a valid file in the hands of another tool: every value replaced by every other kind, cut off, with marks and line ends.</summary>
internal static class HostileJson
{
    /// <summary>Values that a field should not have, the last ones strings that are no text.</summary>
    private static readonly string[] Strangers =
    [
        "null", "true", "-1", "1.5", "1e400", "123456789012345678901234567890", "\"\"", "\"\\u0000\"", "\"x\"", "[]", "[[1]]", "{}", "{\"a\": null}",
        "\"\\ud83d\"", "\"a\\udc15b\"",
    ];

    /// <summary>Every variant of a document in which one value is replaced, or one property or element left out.</summary>
    public static IEnumerable<string> Variants(string json)
    {
        JsonNode root = JsonNode.Parse(json)!;
        string[][] paths = [.. Paths(root, [])];
        foreach (string[] path in paths)
        {
            foreach (string stranger in Strangers)
            {
                yield return With(json, path, stranger);
            }

            yield return With(json, path, null);
        }
    }

    private static IEnumerable<string[]> Paths(JsonNode? node, string[] path)
    {
        IEnumerable<(string Key, JsonNode? Value)> children = node switch
        {
            JsonObject fields => fields.Select(field => (field.Key, field.Value)),
            JsonArray elements => elements.Select((element, i) => ($"{i}", element)),
            _ => [],
        };
        foreach ((string key, JsonNode? value) in children)
        {
            string[] child = [.. path, key];
            yield return child;
            foreach (string[] below in Paths(value, child))
            {
                yield return below;
            }
        }
    }

    private static string With(string json, string[] path, string? value)
    {
        const string Mark = "the place of the stranger";
        JsonNode root = JsonNode.Parse(json)!;
        JsonNode parent = path[..^1].Aggregate(root, (node, key) => node is JsonArray array ? array[int.Parse(key, null)]! : node[key]!);
        switch (parent)
        {
            case JsonArray array when value is null:
                array.RemoveAt(int.Parse(path[^1], null));
                break;
            case JsonArray array:
                array[int.Parse(path[^1], null)] = Mark;
                break;
            case JsonObject fields when value is null:
                fields.Remove(path[^1]);
                break;
            default:
                parent[path[^1]] = Mark;
                break;
        }

        return root.ToJsonString().Replace($"\"{Mark}\"", value, StringComparison.Ordinal);
    }
}
