using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;

namespace RlhfV.Evaluation.Tests;

/// <summary>
/// Every reader against every kind of damage: it reads, or leaves out and says so, or stops with an error that names the file; never with
/// whatever the framework throws, and never in silence.
/// </summary>
public sealed class HostileFileTests
{
    private static readonly Dictionary<string, (string Json, Func<string, Reading> Read)> Readers = new()
    {
        ["answers"] = ("""[{"image_id": 1, "question": "q", "answer": "a", "question_id": 4, "model_id": "m"}, {"image_id": "2", "prompt": "q", "text": "a"}]""",
            path => Of(AnswerFile.Read(path))),
        ["questions"] = ("""{"questions": [{"question_id": 1, "image_id": 1, "question": "q"}, {"question_id": 2, "image_id": 1, "question": "q"}]}""",
            path => new(QuestionFile.Read(path).Count, [])),
        ["captions"] = ("""{"overall": {"CHAIRs": 1}, "imgToEval": {"1": {"image_id": 1, "caption": "a"}, "2": {"image_id": 2, "caption": "b"}}}""",
            path => Of(ChairFile.Read(path))),
        ["pope questions"] = ("""[{"question_id": 1, "image": "a.jpg", "text": "Is there?", "label": "yes"}, {"question_id": 2, "image": "a.jpg", "text": "q", "label": "no"}]""",
            path => new(PopeFile.ReadQuestions(path).Count, [])),
        ["pope answers"] = ("""[{"question_id": 1, "text": "Yes"}, {"question": "q", "answer": "No"}]""", path => Of(PopeFile.ReadAnswers(path))),
        ["amber annotations"] = ("""[{"id": 1, "type": "generative", "truth": ["dog"], "hallu": ["cat"]}, {"id": 2, "type": "relation", "truth": "no"}]""",
            path =>
            {
                AmberResult result = new Evaluation.Amber(Amber(path, relations: """{"dog": [], "cat": []}""")).Score([new(1, "A dog."), new(2, "No")]);
                return new(result.Descriptions.Count + result.Questions.Count, result.Diagnostics);
            }
        ),
        ["amber relations"] = ("""{"dog": ["puppy"], "cat": ["kitten", "tom"]}""", path => new(Amber(path).Relations.Count, [])),
        ["amber answers"] = ("""[{"id": 1, "response": "a"}, {"id": "2", "response": "Yes"}]""", path => Of(AmberFile.ReadAnswers(path))),
        ["mmhal template"] = (MmHalTemplate, path => new(MmHalFile.ReadTemplate(path).Count, [])),
        ["mmhal answers"] = ("""[{"text": "a", "question_id": 1}, {"answer": "b"}]""", path => Of(MmHalFile.Fill(MmHalItems(), path))),
        ["mmhal reviews"] = ("""[{"choices": [{"message": {"content": "Rating: 6"}}]}, {"choices": [{"message": {"content": "Rating: 1"}}]}]""",
            path => Of(MmHalFile.ReadReviews(path))),
        ["vqa annotations"] = ("""{"annotations": [{"question_id": 1, "question_type": "is", "answer_type": "yes/no", "answers": [{"answer": "a"}, {"answer": "b"}]}]}""",
            path => new(VqaFile.ReadAnnotations(path).Count, [])),
        ["vqa results"] = ("""[{"question_id": 1, "answer": "a"}, {"question_id": 2, "answer": "b"}]""", path => Of(VqaFile.ReadResults(path))),
        ["llava reviews"] = ("""[{"question_id": 1, "category": "conv", "content": "8 9"}, {"question_id": 2, "category": "conv", "content": "8 9"}]""",
            path => Of(LlavaBenchFile.ReadReviews(path))),
        ["marks"] = ("""[{"sample_id": 1, "source": "s", "prompt": "p", "response": "a cat", "segments": [{"start": 2, "end": 5, "types": ["object"]}]}, {"sample_id": 2, "response": "", "segments": []}]""",
            path => Of(MHumanEvalFile.Read(path))),
        ["hallusion"] = ("""[{"category": "VD", "subcategory": "map", "visual_input": "1", "set_id": "0", "figure_id": 0, "question_id": 0, "gt_answer": "1", "same": "1", "gpt4v_output_gpt_check": "1"}]""",
            path => Of(HallusionFile.Read(path))),
        ["coco instances"] = ("""{"images": [{"id": 7}], "annotations": [{"id": 1, "image_id": 7, "category_id": 3}], "categories": [{"id": 3, "name": "dog"}]}""",
            path => new(CocoFile.ReadInstances(path, cancellationToken: TestContext.Current.CancellationToken).Objects.Count, [])),
        ["coco captions"] = ("""{"annotations": [{"id": 1, "image_id": 7, "caption": "A dog."}, {"id": 2, "image_id": 7, "caption": "A cat."}]}""", Captions),
        ["thresholds"] = ("""{"maxResponseRate": 0.5, "maxRecallDrop": 0.1, "onlySignificant": true, "minItems": 3}""", path =>
        {
            _ = new HallucinationGate(GateThresholds.Load(path));
            return new(1, []);
        }
        ),
    };

    private static readonly ConcurrentDictionary<string, int> Whole = new(); // Records of the undamaged files.

    private const string MmHalTemplate =
        """[{"question_type": "other", "question_topic": "t", "image_id": "i", "image_content": ["Dog", "Cat"], "question": "q", "gt_answer": "g", "model_answer": ""}]""";

    public static TheoryData<string> Names => [.. Readers.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Read_AnyValueReplaced_ReadsOrSaysSo(string name)
    {
        using var folder = new TemporaryFolder();
        foreach (string variant in HostileJson.Variants(Readers[name].Json))
        {
            AssertReads(name, variant, Encoding.UTF8.GetBytes(variant), folder);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Read_CutOffAnywhere_ReadsOrSaysSo(string name)
    {
        using var folder = new TemporaryFolder();
        byte[] json = Encoding.UTF8.GetBytes(Readers[name].Json);
        for (int length = 1; length < json.Length; length += 3)
        {
            AssertReads(name, $"the first {length} bytes", json[..length], folder);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Read_MarkLineEndsAndBlankLines_ChangeNothing(string name)
    {
        (string json, Func<string, Reading> read) = Readers[name];
        string pretty = JsonNode.Parse(json)!.ToJsonString(new() { WriteIndented = true }).ReplaceLineEndings("\r\n");
        using var folder = new TemporaryFolder();
        Reading expected = Run(read, Encoding.UTF8.GetBytes(json), folder);
        Assert.Empty(expected.Diagnostics);
        Assert.Equal(expected.Records, Run(read, [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes("\r\n" + pretty + "\r\n\r\n")], folder).Records);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Read_BytesThatAreNoText_ReadsOrSaysSo(string name)
    {
        using var folder = new TemporaryFolder();
        byte[] json = Encoding.UTF8.GetBytes(Readers[name].Json);
        for (int i = 0; i < json.Length; i += 2)
        {
            byte[] broken = [.. json];
            broken[i] = 0xC3;
            AssertReads(name, $"byte {i} of {Readers[name].Json}", broken, folder);
        }
    }

    private static void AssertReads(string name, string what, byte[] content, TemporaryFolder folder)
    {
        (string json, Func<string, Reading> read) = Readers[name];
        int whole = Whole.GetOrAdd(name, _ => Run(read, Encoding.UTF8.GetBytes(json), folder).Records);
        try
        {
            Reading reading = Run(read, content, folder);
            Assert.True(reading.Records >= whole || reading.Diagnostics.Count > 0 || IsShorter(what, json), $"{what}: {reading.Records} records in silence.");
        }
        catch (InvalidDataException e)
        {
            Assert.Contains("hostile.json", e.Message, StringComparison.Ordinal);
        }
        catch (Exception e) when (e is not Xunit.Sdk.XunitException)
        {
            Assert.Fail($"{what}: {e}");
        }
    }

    /// <summary>What is not in the file cannot be missed: an element, a caption or a relation that is not there.</summary>
    private static bool IsShorter(string variant, string json) =>
        variant[0] is '[' or '{' && !variant.StartsWith("the ", StringComparison.Ordinal) && Size(JsonNode.Parse(variant)) < Size(JsonNode.Parse(json));

    private static int Size(JsonNode? node) => node switch
    {
        JsonArray array => array.Count + array.Sum(Size),
        JsonObject fields => fields.Sum(field => Size(field.Value) + (field.Value is JsonArray or JsonObject && field.Key != "overall" ? 1 : 0))
            + ((fields["imgToEval"] as JsonObject)?.Count ?? 0),
        _ => 0,
    };

    private static Reading Run(Func<string, Reading> read, byte[] content, TemporaryFolder folder)
    {
        File.WriteAllBytes(folder.File("hostile.json"), content);
        return read(folder.File("hostile.json"));
    }

    private static Reading Of<T>(RecordFile<T> file) => new(file.Count, file.Diagnostics);

    private static Reading Captions(string path)
    {
        int captions = 0;
        CocoFile.ReadCaptions(path, (_, _) => captions++, cancellationToken: TestContext.Current.CancellationToken);
        return new(captions, []);
    }

    private static AmberData Amber(string path, string? relations = null)
    {
        string folder = Path.GetDirectoryName(path)!;
        File.WriteAllText(Path.Combine(folder, "safe.txt"), "");
        string other = Path.Combine(folder, "other.json");
        File.WriteAllText(other, relations ?? """[{"id": 1, "type": "generative", "truth": [], "hallu": []}]""");
        return relations is null ? AmberData.Load(other, path, Path.Combine(folder, "safe.txt")) : AmberData.Load(path, other, Path.Combine(folder, "safe.txt"));
    }

    private static IReadOnlyList<MmHalItem> MmHalItems()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("t.json"), MmHalTemplate);
        MmHalItem item = MmHalFile.ReadTemplate(folder.File("t.json"))[0];
        return [item, item];
    }

    private sealed record Reading(int Records, IReadOnlyList<EvaluationDiagnostic> Diagnostics);
}
