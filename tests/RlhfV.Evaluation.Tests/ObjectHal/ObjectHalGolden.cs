using System.Text.Json;

namespace RlhfV.Evaluation.Tests;

/// <summary>The stored Object HalBench run: answers, extractor replies, tags, truth.</summary>
internal sealed class ObjectHalGolden
{
    private readonly Dictionary<string, string[]> _replies = [];

    public ObjectHalGolden()
    {
        var extraction = new ObjectExtraction(PromptPath);
        JsonElement golden = GoldenJson.Read("objhal", "golden.json");
        Expected = golden.GetProperty("expected");
        Cases = [.. Expected.GetProperty("cases").EnumerateArray()];
        foreach (JsonElement stored in Cases)
        {
            Tagger.Add(stored.GetProperty("tokens"));
            if (stored.GetProperty("llm_called").GetBoolean())
            {
                // Two pictures may have the same question and response; their replies come one after the other.
                string prompt = extraction.Prompt(stored.Text("question"), stored.GetProperty("sentence").Text("caption"));
                _replies[prompt] = [.. _replies.GetValueOrDefault(prompt, []), .. stored.GetProperty("llm_replies").Strings()];
            }
        }

        Answers = AnswerFile.Read(Path("obj_halbench_answer.jsonl")).Answers;
        Asked = Cases.Count(stored => stored.GetProperty("llm_called").GetBoolean());
        Truth = ObjectTruth.FromCoco(
            [Coco("instances_train2014"), Coco("instances_val2014")], [Coco("captions_train2014"), Coco("captions_val2014")],
            ObjectHalBench.CreateReader(ScoringMode.Official));
    }

    public JsonElement Expected { get; }

    public JsonElement[] Cases { get; }

    public StoredTagger Tagger { get; } = new();

    public IReadOnlyList<ModelAnswer> Answers { get; }

    public ObjectTruth Truth { get; }

    /// <summary>Number of responses that are long enough for the extractor to be asked.</summary>
    public int Asked { get; }

    /// <summary>Number of replies until each of them has a usable one.</summary>
    public int Calls => Cases.Where(stored => stored.GetProperty("llm_called").GetBoolean())
        .Sum(stored => 1 + Array.FindIndex(stored.GetProperty("llm_replies").Strings(), reply => ObjectExtraction.Parse(reply) is not null));

    public static string PromptPath => GoldenJson.Path("data", "objhal", "extraction_prompt.txt");

    public static string Path(string name) => GoldenJson.Path("objhal", name);

    public ObjectHalBench Bench(ScoringMode mode) =>
        new(Truth, new() { Mode = mode, Tagger = Tagger, PromptPath = PromptPath, Bootstrap = new() { Resamples = 100 } });

    /// <summary>Replays the stored replies; as in the stored run a usable one costs 20 and 10 tokens, another 2 and 1.</summary>
    public StubChatClient Client() => new((prompt, call) =>
    {
        string reply = _replies[prompt][call - 1];
        return ObjectExtraction.Parse(reply) is null ? StubChatClient.Response(reply, 2, 1) : StubChatClient.Response(reply, 20, 10);
    });

    private static string Coco(string name) => GoldenJson.Path("objhal", "coco", name + ".json");
}
