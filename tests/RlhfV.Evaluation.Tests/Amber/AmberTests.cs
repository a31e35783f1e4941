using System.Text.Json;

namespace RlhfV.Evaluation.Tests;

[Trait("Category", "Golden")]
public sealed class AmberTests
{
    private static readonly JsonElement Golden = GoldenJson.Read("amber", "golden.json");
    private static readonly JsonElement Expected = Golden.GetProperty("expected");
    private static readonly JsonElement[] Cases = [.. Expected.GetProperty("generative").EnumerateArray()];

    private static readonly AmberData Data = AmberData.Load(
        GoldenJson.Path("amber", "annotations.json"), GoldenJson.Path("data", "amber", "relation.json"),
        GoldenJson.Path("data", "amber", "safe_words.txt"));

    private static readonly IReadOnlyList<AmberAnswer> Answers = AmberFile.ReadAnswers(GoldenJson.Path("amber", "inference.json"));

    [Fact]
    public void Score_Official_EveryDescriptionAgrees()
    {
        AmberResult result = Official().Score(Answers);
        Assert.Equal(Cases.Length, result.Descriptions.Count);
        foreach ((JsonElement stored, AmberDescription description) in Cases.OrderBy(stored => stored.GetProperty("id").GetInt32())
            .Zip(result.Descriptions.OrderBy(description => description.Item.Id)))
        {
            JsonElement counts = stored.GetProperty("counts");
            Assert.Equal(stored.GetProperty("nouns_in_vocabulary").Strings(), description.Nouns);
            Assert.Equal(counts.GetProperty("chair_score").GetInt32(), description.Hallucinated.Count);
            Assert.Equal(counts.GetProperty("chair_num").GetInt32(), description.Nouns.Count);
            Assert.Equal(counts.GetProperty("cover_score").GetInt32(), description.Covered);
            Assert.Equal(counts.GetProperty("cog_score").GetInt32(), description.TargetsHit);
            Assert.Equal(counts.GetProperty("cover_num").GetInt32(), description.Item.Truth.Count);
            Assert.Equal(counts.GetProperty("cog_num").GetInt32(), description.Item.Targets.Count);
            Assert.Equal(counts.GetProperty("non_hallucinated").GetInt32() == 1, description.Hallucinated.Count == 0);
            Assert.Equal(stored.GetProperty("id").GetInt32(), description.Item.Id);
            Assert.Equal(stored.GetProperty("truth").Strings(), description.Item.Truth);
            Assert.Equal(stored.GetProperty("hallu").Strings(), description.Item.Targets);
            Assert.All(stored.GetProperty("similar_pairs").Strings().Select(pair => pair.Split('|')), pair =>
                Assert.True(Similarity(pair[0], pair[1]) > Golden.GetProperty("threshold").GetDouble()));
            AssertFigures(
                stored.GetProperty("printed"), AmberSummary.Generative(Official().Score([new(description.Item.Id, description.Response)])));
        }
    }

    [Fact]
    public void Score_Official_PrintedFiguresAgree()
    {
        AmberResult result = Official().Score(Answers);
        AssertFigures(Expected.GetProperty("overall_generative").GetProperty("printed"), AmberSummary.Generative(result));
        AssertTable(Expected.GetProperty("overall_discriminative").GetProperty("printed"), AmberSummary.Discriminative(result));
        JsonElement all = Expected.GetProperty("overall_all").GetProperty("printed");
        AssertFigures(all.GetProperty("Generative Task"), AmberSummary.Generative(result));
        foreach (JsonProperty row in all.EnumerateObject().Where(row => row.Name != "Generative Task"))
        {
            AssertFigures(row.Value, AmberSummary.Discriminative(result)[row.Name]);
        }

        foreach (JsonProperty dimension in Expected.GetProperty("by_dimension").EnumerateObject())
        {
            AssertTable(dimension.Value, AmberSummary.Discriminative(result));
        }
    }

    [Fact]
    public void Load_PublishedSample_IsReadWhole()
    {
        AmberData sample = AmberData.Load(
            GoldenJson.Path("data", "amber", "annotations.sample.json"), GoldenJson.Path("data", "amber", "relation.json"),
            GoldenJson.Path("data", "amber", "safe_words.txt"));
        JsonElement stored = GoldenJson.Read("data", "amber", "annotations.sample.json");
        Assert.Equal(stored.EnumerateArray().Select(item => item.GetProperty("id").GetInt32()), sample.Items.Select(item => item.Id));
        foreach ((JsonElement expected, AmberItem item) in stored.EnumerateArray().Zip(sample.Items))
        {
            JsonElement truth = expected.GetProperty("truth");
            Assert.Equal((expected.Text("type"), truth.ValueKind == JsonValueKind.Array), (item.Type, item.IsGenerative));
            Assert.Equal(item.IsGenerative ? null : truth.GetString() == "yes", item.Answer);
            Assert.Equal(item.IsGenerative ? truth.Strings() : [], item.Truth);
            Assert.Equal(item.IsGenerative ? expected.GetProperty("hallu").Strings() : [], item.Targets);
        }
    }

    [Fact]
    public void Score_Official_SubsetsAgree()
    {
        foreach (JsonElement subset in Expected.GetProperty("subsets").EnumerateArray())
        {
            AmberAnswer[] answers =
                [.. subset.GetProperty("responses").EnumerateArray()
                    .Select(r => new AmberAnswer(r.GetProperty("id").GetInt32(), r.Text("response")))];
            AssertTable(subset.GetProperty("printed"), AmberSummary.Discriminative(Official().Score(answers)));
        }
    }

    [Fact]
    public void Nouns_StoredTags_AgreeBeforeTheVocabularyIsApplied()
    {
        foreach (JsonElement stored in Cases)
        {
            Assert.Equal(
                stored.GetProperty("nouns").Strings(),
                new ResponseTagger().Tag(stored.Text("response")).Where(word => word.IsNoun).Select(word => NounLexicon.Default.ShortestLemma(word.Text)));
        }
    }

    [Theory]
    [InlineData("overall_generative", true)]
    [InlineData("overall_discriminative", false)]
    public void Score_Official_EveryCounterOfTheScriptAgrees(string run, bool generative)
    {
        IEnumerable<int> described = Cases.Select(stored => stored.GetProperty("id").GetInt32());
        AmberResult result = Official().Score([.. Answers.Where(answer => described.Contains(answer.Id) == generative)]);
        Dictionary<string, (int Count, double Start)> counters = Counters(result);
        JsonElement expected = Expected.GetProperty(run).GetProperty("counts");
        Assert.Equal(expected.EnumerateObject().Select(counter => counter.Name).Order(), counters.Keys.Order());
        foreach (JsonProperty counter in expected.EnumerateObject())
        {
            (int count, double start) = counters[counter.Name];
            Assert.Equal(counter.Value.GetDouble(), count + start, 1e-9);
        }
    }

    [Fact]
    public void Counters_OfNoAnswer_AreTheStoredStarts()
    {
        Dictionary<string, (int Count, double Start)> counters = Counters(Official().Score([]));
        foreach (string line in File.ReadLines(GoldenJson.Path("data", "amber", "metrics.txt")).Where(line => line.Contains('=', StringComparison.Ordinal)))
        {
            string[] parts = line.Split('=');
            Assert.Equal((0, double.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture)), counters[parts[0].Trim()]);
        }
    }

    [Fact]
    public void Score_Shares_AreThePrintedOnesWithoutTheirStartValues()
    {
        AmberResult result = Official().Score(Answers);
        JsonElement described = Expected.GetProperty("overall_generative").GetProperty("counts");
        Assert.Equal(Share(described, "chair_score", "chair_num"), result.Generative!.Chair.Value, 1e-12);
        Assert.Equal(1 - Share(described, "non_hallu_score", "non_hallu_num"), result.Generative.Hal.Value, 1e-12);
        Assert.Equal(Share(described, "safe_cover_score", "safe_cover_num"), result.Generative.Cover.Value, 1e-12);
        Assert.Equal(Share(described, "hallu_cover_score", "hallu_cover_num"), result.Generative.Cog.Value, 1e-12);
        JsonElement asked = Expected.GetProperty("overall_discriminative").GetProperty("counts");
        Assert.Equal(Share(asked, "qa_correct_score", "qa_correct_num"), result.Discriminative!.Accuracy.Value, 1e-12);
        Assert.Equal(Share(asked, "qa_ans_no_score", "qa_ans_no_num"), result.Discriminative.Precision.Value, 1e-12);
        Assert.Equal(Share(asked, "qa_no_score", "qa_no_num"), result.Discriminative.Recall.Value, 1e-12);
        Assert.Equal(Share(asked, "asso_qa_correct_score", "asso_qa_correct_num"), result.ByDimension[AmberDimension.Relation].Accuracy.Value, 1e-12);

        // The script's denominators start at 0.001.
        static double Share(JsonElement counts, string numerator, string denominator) =>
            counts.GetProperty(numerator).GetInt32() / Math.Floor(counts.GetProperty(denominator).GetDouble());
    }

    [Fact]
    public void Score_Strict_ReadsNoWithAPeriodAndCapitalNouns()
    {
        AmberResult strict = new Evaluation.Amber(Own()).Score([new(3, "No."), new(2, "yes"), new(1, "People and Dogs run. DOG!")]);
        Assert.Equal(1, strict.Discriminative!.Accuracy.Value);
        Assert.Equal(["people", "dog", "dog"], strict.Descriptions[0].Nouns);
        Assert.Equal(2, strict.Descriptions[0].Covered);
    }

    [Fact]
    public void Score_UnknownRepeatedAndUnclear_AreReported()
    {
        AmberResult result = new Evaluation.Amber(Own()).Score([new(9999, "Yes"), new(2, "Yes"), new(2, "No"), new(3, "Hard to say")]);
        Assert.Equal(
            [DiagnosticCode.UnknownObject, DiagnosticCode.MissingTruth, DiagnosticCode.DuplicateAnswer, DiagnosticCode.UnclearAnswer,
                DiagnosticCode.MissingAnswer, DiagnosticCode.FigureAbsent],
            result.Diagnostics.Select(d => d.Code));
        Assert.Contains("1 of 3 questions", result.Diagnostics[^2].Message, StringComparison.Ordinal);
        Assert.Null(result.Generative);
        Assert.Equal(0.5, result.Discriminative!.Accuracy.Value);
    }

    [Fact]
    public void ReadAnswers_BrokenRecords_AreInTheResult()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(
            folder.File("a.json"), """[{"id": 2, "response": "Yes"}, 7, {"response": "Yes"}, {"id": 1.5, "response": "No"}, {"id": "3"}]""");
        RecordFile<AmberAnswer> answers = AmberFile.ReadAnswers(folder.File("a.json"));
        Assert.Equal([new(2, "Yes")], answers);
        Assert.Equal(
            [("a.json[1]", DiagnosticCode.MalformedRecord), ("a.json[2]", DiagnosticCode.AnswerWithoutId),
                ("a.json[3]", DiagnosticCode.AnswerWithoutId), ("a.json[4]", DiagnosticCode.MalformedRecord)],
            answers.Diagnostics.Select(d => (d.Item, d.Code)));
        Assert.Subset(new Evaluation.Amber(Own()).Score(answers).Diagnostics.ToHashSet(), answers.Diagnostics.ToHashSet());
    }

    [Theory]
    [InlineData("""[{"id": 1, "truth": []}]""", "'type'")]
    [InlineData("""[{"id": 1, "type": "generative", "truth": 5}]""", "Number")]
    [InlineData("""[{"id": 1, "type": "generative", "truth": ["dog", 5]}]""", "list of words")]
    [InlineData("""[7]""", "no JSON object")]
    [InlineData("""[{"id": "x", "type": "relation", "truth": "no"}]""", "whole number 'id'")]
    [InlineData("""[{"id": 1, "type": "relation", "truth": "maybe"}]""", "'truth' is 'maybe'")]
    [InlineData("""[{"id": 1, "type": "relation", "truth": "no"}, {"id": "1", "type": "relation", "truth": "yes"}]""", "the id 1 occurs twice")]
    public void Load_BadAnnotations_SayWhere(string text, string problem)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("annotations.json"), text);
        File.WriteAllText(folder.File("relation.json"), "{}");
        File.WriteAllText(folder.File("safe_words.txt"), "");
        Assert.Contains(problem, Assert.Throws<InvalidDataException>(() => AmberData.Load(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_MissingFile_NamesIt()
    {
        using var folder = new TemporaryFolder();
        Assert.EndsWith(
            "annotations.json", Assert.Throws<FileNotFoundException>(() => AmberData.Load(folder.Path)).FileName, StringComparison.Ordinal);
    }

    [Fact]
    public void Score_OfficialRepeatedAnswer_CountsAndIsReported()
    {
        AmberResult result = new Evaluation.Amber(Own(), new() { Mode = ScoringMode.Official }).Score([new(2, "Yes"), new(2, "No")]);
        Assert.Equal(2, result.Questions.Count);
        Assert.Contains(result.Diagnostics, d => (d.Code, d.Item) == (DiagnosticCode.DuplicateAnswer, "2"));
    }

    [Fact]
    public void Score_TypeThatIsNotKnown_IsARelationToTheScriptAndReportedElsewhere()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("annotations.json"), """[{"id": 1, "type": "discriminative-colour", "truth": "no"}]""");
        File.WriteAllText(folder.File("relation.json"), "{}");
        File.WriteAllText(folder.File("safe_words.txt"), "");
        AmberData data = AmberData.Load(folder.Path);
        AmberResult official = new Evaluation.Amber(data, new() { Mode = ScoringMode.Official }).Score([new(1, "No")]);
        Assert.Equal(1, official.ByDimension[AmberDimension.Relation].Accuracy.Value);
        AmberResult strict = new Evaluation.Amber(data).Score([new(1, "No")]);
        Assert.Empty(strict.Questions);
        Assert.Contains(strict.Diagnostics, d => (d.Code, d.Item) == (DiagnosticCode.MalformedRecord, "1"));
    }

    [Fact]
    public void Score_OnlySilence_IsCountedAndTheFiguresAreAbsent()
    {
        AmberResult silent = new Evaluation.Amber(Own()).Score([new(1, " "), new(2, "")]);
        Assert.False(silent.Generative!.Chair.HasValue);
        Assert.Equal(
            (1, 1, 2), (silent.Diagnostics.Totals()[DiagnosticCode.EmptyAnswer], silent.Diagnostics.Totals()[DiagnosticCode.UnclearAnswer],
                silent.Diagnostics.Totals()[DiagnosticCode.FigureAbsent]));
        Assert.Contains(new Evaluation.Amber(Own()).Score([]).Diagnostics, d => d.Code == DiagnosticCode.FigureAbsent);
    }

    [Fact]
    public void Load_RepeatedRelation_NamesIt()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("annotations.json"), "[]");
        File.WriteAllText(folder.File("relation.json"), """{"dog": ["puppy"], "dog": ["hound"]}""");
        File.WriteAllText(folder.File("safe_words.txt"), "");
        Assert.Contains(
            "relation.json: 'dog' occurs twice", Assert.Throws<InvalidDataException>(() => AmberData.Load(folder.Path)).Message,
            StringComparison.Ordinal);
    }

    private static AmberData Own()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("annotations.json"), """
            [{"id": 1, "type": "generative", "truth": ["people", "dog", "unicorn"], "hallu": []},
             {"id": 2, "type": "discriminative-hallucination", "truth": "yes"},
             {"id": 3, "type": "discriminative-hallucination", "truth": "no"},
             {"id": 4, "type": "discriminative-relation", "truth": "no"}]
            """);
        File.WriteAllText(folder.File("relation.json"), """{"people": ["person"], "dog": ["puppy"]}""");
        File.WriteAllText(folder.File("safe_words.txt"), "");
        return AmberData.Load(folder.Path);
    }

    private static Evaluation.Amber Official() => new(Data, new()
    {
        Mode = ScoringMode.Official,
        Tagger = new ResponseTagger(),
        Similarity = Similarity,
        Threshold = Golden.GetProperty("threshold").GetDouble(),
        Bootstrap = new() { Resamples = 100 },
    });

    /// <summary>The script's counters by their names; its denominators start at 0.001.</summary>
    private static Dictionary<string, (int Count, double Start)> Counters(AmberResult result)
    {
        IReadOnlyList<AmberDescription> all = result.Descriptions;
        var counters = new Dictionary<string, (int Count, double Start)>
        {
            ["chair_score"] = (all.Sum(d => d.Hallucinated.Count), 0),
            ["chair_num"] = (all.Sum(d => d.Nouns.Count), 0.001),
            ["safe_cover_score"] = (all.Sum(d => d.Covered), 0),
            ["safe_cover_num"] = (all.Sum(d => d.Item.Truth.Count), 0.001),
            ["hallu_cover_score"] = (all.Sum(d => d.TargetsHit), 0),
            ["hallu_cover_num"] = (all.Sum(d => d.Item.Targets.Count), 0.001),
            ["non_hallu_score"] = (all.Count(d => d.Hallucinated.Count == 0), 0),
            ["non_hallu_num"] = (all.Count, 0.001),
        };
        (string Prefix, Func<AmberQuestion, bool> Counts)[] groups =
        [
            ("", _ => true), ("as_", q => q.Dimension == AmberDimension.State), ("an_", q => q.Dimension == AmberDimension.Number),
            ("aa_", q => q.Dimension == AmberDimension.Action), ("asso_", q => q.Dimension == AmberDimension.Relation),
            ("ha_", q => q.Dimension == AmberDimension.Existence),
        ];
        foreach ((string prefix, Func<AmberQuestion, bool> counts) in groups)
        {
            AmberQuestion[] questions = [.. result.Questions.Where(counts)];
            int rightNo = questions.Count(q => q.SaysYes is false && q.Item.Answer is false);
            counters[prefix + "qa_correct_score"] = (questions.Count(q => q.SaysYes == q.Item.Answer), 0);
            counters[prefix + "qa_correct_num"] = (questions.Length, 0.001);
            counters[prefix + "qa_no_score"] = (rightNo, 0);
            counters[prefix + "qa_no_num"] = (questions.Count(q => q.Item.Answer is false), 0.001);
            counters[prefix + "qa_ans_no_score"] = (rightNo, 0);
            counters[prefix + "qa_ans_no_num"] = (questions.Count(q => q.SaysYes is false), 0.001);
        }

        return counters;
    }

    private static double Similarity(string a, string b)
    {
        JsonElement table = Golden.GetProperty("similarity");
        return a == b ? 1 : table.TryGetProperty($"{a}|{b}", out JsonElement value) || table.TryGetProperty($"{b}|{a}", out value)
            ? value.GetDouble() : Golden.GetProperty("default_similarity").GetDouble();
    }

    private static void AssertTable(JsonElement expected, IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> actual)
    {
        foreach (JsonProperty row in expected.EnumerateObject())
        {
            AssertFigures(row.Value, actual[row.Name]);
        }
    }

    private static void AssertFigures(JsonElement expected, IReadOnlyDictionary<string, double> actual)
    {
        foreach (JsonProperty figure in expected.EnumerateObject())
        {
            Assert.Equal(figure.Value.GetDouble(), actual[figure.Name]);
        }
    }

    /// <summary>The stored tags of each description.</summary>
    private sealed class ResponseTagger : IPhraseTagger
    {
        public IReadOnlyList<TaggedWord> Tag(string text)
        {
            JsonElement stored = Cases.First(c => c.Text("response") == text);
            return [.. stored.GetProperty("tokens").Strings()
                .Zip(stored.GetProperty("tags").Strings(), (token, tag) => new TaggedWord(token, token, tag))];
        }
    }
}
