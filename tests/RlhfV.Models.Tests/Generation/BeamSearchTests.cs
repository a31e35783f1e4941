using System.Text.Json;
using RlhfV.Goldens;
using RlhfV.Models.Generation;
using RlhfV.Models.Tests.Architectures;

namespace RlhfV.Models.Tests.Generation;

public sealed class BeamSearchTests
{
    public static bool Absent => !GoldenData.Has("hf", "llava", "beams.json");

    [Fact(Skip = "hf/llava/beams.json is not in this root.", SkipWhen = nameof(Absent))]
    [Trait("Category", "Golden")]
    public void Search_FindsTheReferencesAnswersAndScores()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(GoldenData.Path("hf", "llava", "beams.json")));
        var golden = new GoldenFamily("llava");
        using var model = VisionLanguageModel.Load(golden.Checkpoint);
        foreach (JsonElement run in document.RootElement.GetProperty("runs").EnumerateArray())
        {
            var options = new GenerationOptions
            {
                Beams = run.GetProperty("beams").GetInt32(),
                RepetitionPenalty = run.GetProperty("repetition_penalty").GetDouble(),
                LengthPenalty = run.GetProperty("length_penalty").GetDouble(),
                EarlyStopping = run.GetProperty("early_stopping").GetBoolean(),
                SuppressedTokens = Ids(run, "suppressed"),
                MaxNewTokens = run.GetProperty("max_new_tokens").GetInt32(),
            };
            EncodedPrompt prompt = model.Processor.EncodePrompt(golden.Conversation(run.GetProperty("case").GetString()!).Prompt);
            GenerationResult found = new BeamSearch(model.Network, model.Processor, Ids(run, "end_ids").ToHashSet(), prompt, options).Run(default);
            Assert.True(Ids(run, "ids").SequenceEqual(found.TokenIds), $"{run}: found {string.Join(", ", found.TokenIds)}");
            double score = run.GetProperty("score").GetDouble();
            Assert.Equal(score, found.BeamScore!.Value, Math.Abs(score) * 1e-5);
        }
    }

    [Fact]
    public void Generate_WithBeams_IsAtLeastAsLikelyAsGreedy()
    {
        using VisionLanguageModel model = TinyLlava.Load();
        Prompt[] prompts = [TinyLlava.Ask("What is it?"), TinyLlava.Ask("How many?", 30)];
        var greedy = new GenerationOptions { MaxNewTokens = 10 };
        IReadOnlyList<GenerationResult> single = model.Generate(prompts, greedy);
        IReadOnlyList<GenerationResult> beams = model.Generate(prompts, greedy with { Beams = 8, LengthPenalty = 0 });
        for (int i = 0; i < prompts.Length; i++)
        {
            Assert.True(beams[i].LogProbs.Sum() >= single[i].LogProbs.Sum() - 1e-4, $"prompt {i}");
            Assert.Equal(beams[i].LogProbs.Sum(), beams[i].BeamScore!.Value, 1e-3);
            Assert.Null(single[i].BeamScore);
        }
    }

    [Fact]
    public void Generate_SampledBeams_DependOnTheSeedAlone()
    {
        using VisionLanguageModel model = TinyLlava.Load();
        Prompt prompt = TinyLlava.Ask("What is it?");
        var options = new GenerationOptions { MaxNewTokens = 10, Beams = 3, Temperature = 0.7 };
        string[] answers = [.. Enumerable.Range(0, 6).Select(seed => string.Join(' ', model.Generate(prompt, options with { Seed = seed }).TokenIds))];
        Assert.Equal(answers[2], string.Join(' ', model.Generate(prompt, options with { Seed = 2 }).TokenIds));
        Assert.True(answers.Distinct().Count() > 1, "All seeds gave the same answer.");
    }

    [Fact]
    public void Generate_StopTextAcrossTokens_EndsABeam()
    {
        using VisionLanguageModel model = TinyLlava.Load();
        Prompt prompt = TinyLlava.Ask("What is it?");
        var options = new GenerationOptions { MaxNewTokens = 12, Beams = 3 };
        GenerationResult whole = model.Generate(prompt, options);
        string stop = whole.Text[3..5];
        GenerationResult cut = model.Generate(prompt, options with { StopStrings = [stop], LengthPenalty = -5 });
        Assert.Equal(FinishReason.Stop, cut.FinishReason);
        Assert.DoesNotContain(stop, cut.Text, StringComparison.Ordinal);
        Assert.True(cut.TokenIds.Count < whole.TokenIds.Count);
    }

    [Fact]
    public void Generate_Cancelled_Throws()
    {
        using VisionLanguageModel model = TinyLlava.Load();
        Assert.Throws<OperationCanceledException>(() => model.Generate(
            TinyLlava.Ask("What is it?"), new GenerationOptions { Beams = 2 }, new CancellationToken(canceled: true)));
    }

    [Fact]
    public void Batch_RefusesBeams()
    {
        using VisionLanguageModel model = TinyLlava.Load();
        using var batch = new GenerationBatch(model);
        EncodedPrompt prompt = model.Processor.EncodePrompt(TinyLlava.Ask("What is it?"));
        var error = Assert.Throws<ArgumentException>(
            () => batch.Add([new BatchPrompt { Id = 1, Prompt = prompt, Options = new GenerationOptions { Beams = 3 } }]));
        Assert.Contains("Beams is 3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Suppressed_IsNeverChosen()
    {
        using VisionLanguageModel model = TinyLlava.Load();
        Prompt prompt = TinyLlava.Ask("What is it?");
        var options = new GenerationOptions { MaxNewTokens = 8 };
        int[] usual = [.. model.Generate(prompt, options).TokenIds.Distinct()];
        Assert.Empty(model.Generate(prompt, options with { SuppressedTokens = usual }).TokenIds.Intersect(usual));
        int[] all = [.. Enumerable.Range(0, (int)model.Network.DecoderConfig.VocabularySize)];
        Assert.All(
            (GenerationOptions[])[options, options with { Temperature = 1 }, options with { Beams = 2 }],
            o => Assert.Contains(
                "suppressed",
                Assert.Throws<ArgumentException>(() => model.Generate(prompt, o with { SuppressedTokens = all })).Message,
                StringComparison.Ordinal));
    }

    private static int[] Ids(JsonElement run, string name) => [.. run.GetProperty(name).EnumerateArray().Select(id => id.GetInt32())];
}
