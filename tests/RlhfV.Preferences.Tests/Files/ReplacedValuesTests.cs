using System.Text.Json.Nodes;

namespace RlhfV.Preferences.Tests.Files;

/// <summary>Files of which one value is of another kind: read, or refused with file and row, never anything else.</summary>
public sealed class ReplacedValuesTests
{
    private static readonly string?[] Replacements = [null, "null", "true", "-1", "1e400", "\"x\"", "\"\"", "[]", "[null]", "{}", "[[]]", "\"\\ud800\""];

    public static TheoryData<string> Formats => ["jsonl", "trl", "llamafactory"];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Read_OneValueReplaced_IsReadOrRefusedByRow(string format)
    {
        using var folder = new TemporaryFolder();
        (string name, JsonNode whole) = Whole(format);
        int refused = 0, tried = 0;
        foreach (string place in Places(whole).ToArray())
        {
            foreach (string? replacement in Replacements)
            {
                string text = Replaced(whole, place, replacement);
                string path = folder.WriteText($"{++tried}-{name}", text);
                try
                {
                    foreach (PreferenceExample example in PreferenceFile.Read(path))
                    {
                        Assert.NotEmpty(example.Chosen);
                        Assert.DoesNotContain(null, example.Segments);
                        Assert.DoesNotContain(null, example.History);
                        Assert.DoesNotContain(null, example.Images);
                    }
                }
                catch (PreferenceDataException problem)
                {
                    refused++;
                    Assert.Equal(path, problem.File);
                    Assert.DoesNotContain("Object reference", problem.Message, StringComparison.Ordinal);
                }
                catch (Exception other) when (other is not Xunit.Sdk.XunitException)
                {
                    Assert.Fail($"{place} = {replacement ?? "(left out)"}: {other.GetType().Name}: {other.Message}\n{text}");
                }
            }
        }

        Assert.True(refused > 50, $"{refused} of {tried} refused");
    }

    private static (string Name, JsonNode Whole) Whole(string format) => format switch
    {
        "jsonl" => ("data.jsonl", JsonNode.Parse("""
            {"image":{"path":"a.png"},"more_images":[{"path":"b.png"}],"image_places":[{"turn":0,"position":0},{"turn":0,"position":1}],
             "history":[{"role":"user","text":"Who?"},{"role":"assistant","text":"He."}],
             "prompt":"What?","chosen":"a dog","rejected":"a cat",
             "segments":[{"rejected":{"start":2,"length":3},"chosen":{"start":2,"length":3},"type":"object","annotator":"me","time":"2024-01-01T00:00:00Z"}],
             "origin":{"dataset":"d","id":"1"}}
            """)!),
        "trl" => ("data.jsonl", JsonNode.Parse("""
            {"images":["a.png"],"prompt":[{"role":"user","content":[{"type":"image"},{"type":"text","text":"What?"}]}],
             "chosen":[{"role":"assistant","content":[{"type":"text","text":"a dog"}]}],
             "rejected":[{"role":"assistant","content":[{"type":"text","text":"a cat"}]}]}
            """)!),
        _ => ("data.json", JsonNode.Parse("""
            [{"conversations":[{"from":"human","value":"<image>What?"}],"chosen":{"from":"gpt","value":"a dog"},
              "rejected":{"from":"gpt","value":"a cat"},"images":["a.png"]}]
            """)!),
    };

    private static IEnumerable<string> Places(JsonNode node) => node switch
    {
        JsonObject some => some.SelectMany(pair => Inner(pair.Value)),
        JsonArray list => list.SelectMany(Inner),
        _ => [],
    };

    private static IEnumerable<string> Inner(JsonNode? child) => child is null ? [] : Places(child).Prepend(child.GetPath());

    // A reader of lines needs its line whole; a replacement of null leaves the value out.
    private static string Replaced(JsonNode whole, string place, string? replacement)
    {
        JsonNode copy = whole.DeepClone();
        JsonNode target = Find(copy, place);
        string mark = $"@{Guid.NewGuid():N}@";
        switch (target.Parent)
        {
            case JsonObject parent when replacement is null:
                parent.Remove(target.GetPropertyName());
                return copy.ToJsonString();
            case JsonArray parent when replacement is null:
                parent.RemoveAt(target.GetElementIndex());
                return copy.ToJsonString();
            default:
                target.ReplaceWith(mark);
                return copy.ToJsonString().Replace($"\"{mark}\"", replacement, StringComparison.Ordinal);
        }
    }

    private static JsonNode Find(JsonNode root, string place) => All(root).First(node => node.GetPath() == place);

    private static IEnumerable<JsonNode> All(JsonNode node) => node switch
    {
        JsonObject some => some.Where(pair => pair.Value is not null).SelectMany(pair => All(pair.Value!)).Prepend(node),
        JsonArray list => list.Where(child => child is not null).SelectMany(child => All(child!)).Prepend(node),
        _ => [node],
    };
}
