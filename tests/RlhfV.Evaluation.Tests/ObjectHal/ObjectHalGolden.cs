using System.Text.Json;

namespace RlhfV.Evaluation.Tests;

/// <summary>The stored Object HalBench run: answers, extractor replies, tags, truth.</summary>
internal sealed class ObjectHalGolden
{
    private readonly Dictionary<string, string[]> _replies = [];

    public ObjectHalGolden()
    {
        JsonElement golden = GoldenJson.Read("objhal", "golden.json");
        Expected = golden.GetProperty("expected");
        Cases = [.. Expected.GetProperty("cases").EnumerateArray()];
        foreach (JsonElement stored in Cases)
        {
            Tagger.Add(stored.GetProperty("tokens"));
            _replies[ObjectExtraction.Prompt(stored.Text("question"), stored.GetProperty("sentence").Text("caption"))] =
                stored.GetProperty("llm_replies").Strings();
        }

        Answers = AnswerFile.Read(Path("obj_halbench_answer.jsonl")).Answers;
        Truth = ObjectTruth.FromCoco(
            [Coco("instances_train2014"), Coco("instances_val2014")], [Coco("captions_train2014"), Coco("captions_val2014")],
            ObjectHalBench.CreateReader(ScoringMode.Official));
    }

    public JsonElement Expected { get; }

    public JsonElement[] Cases { get; }

    public StoredTagger Tagger { get; } = new();

    public IReadOnlyList<ModelAnswer> Answers { get; }

    public ObjectTruth Truth { get; }

    public static string Path(string name) => GoldenJson.Path("objhal", name);

    public ObjectHalBench Bench(ScoringMode mode) =>
        new(Truth, new() { Mode = mode, Tagger = Tagger, Bootstrap = new() { Resamples = 100 } });

    /// <summary>Replays the stored replies; as in the stored run a usable one costs 20 and 10 tokens, another 2 and 1.</summary>
    public StubChatClient Client() => new((prompt, call) =>
    {
        string reply = _replies[prompt][call - 1];
        return ObjectExtraction.Parse(reply) is null ? StubChatClient.Response(reply, 2, 1) : StubChatClient.Response(reply, 20, 10);
    });

    private static string Coco(string name) => GoldenJson.Path("objhal", "coco", name + ".json");
}
