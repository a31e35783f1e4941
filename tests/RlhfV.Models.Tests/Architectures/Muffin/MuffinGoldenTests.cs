using System.Text.Json;
using RlhfV.Goldens;
using RlhfV.Models.Architectures.Muffin;
using RlhfV.Models.Generation;
using RlhfV.Models.Images;
using RlhfV.Models.Modules;
using static TorchSharp.torch;

namespace RlhfV.Models.Tests.Architectures.Muffin;

/// <summary>Every stage of the tiny Muffin against the numbers of the official RLHF-V code; limits are those of the data's README.</summary>
[Trait("Category", "Golden")]
[Trait("Category", "Golden")]
public sealed class MuffinGoldenTests
{
    private const double StageLimit = 5e-5;
    private const double TokenLimit = 3e-5;
    private const double SumLimit = 1.5e-4;
    private const double LossLimit = 5e-6;

    public static TheoryData<string> Layouts =>
        [.. ((string[])["checkpoint", "checkpoint_sharded"]).Where(layout => GoldenData.Has("rlhfv", "d_train", layout))];

    public static TheoryData<string> GradientRuns => GoldenMuffin.Present
        ? [.. Directory.GetFiles(GoldenData.Path("rlhfv", "d_train"), "grads_step1_*.safetensors")
            .Select(file => Path.GetFileNameWithoutExtension(file)["grads_step1_".Length..])]
        : [];

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Layouts))]
    public void Load_EveryLayout_GivesTheStoredWeightsUnderTheirNames(string layout)
    {
        using var tiny = new TinyMuffin(layout);
        GoldenTensors initial = TinyMuffin.Values("initial.safetensors");
        (string Name, Tensor Value)[] loaded = [.. tiny.Network.named_parameters().Select(p => (p.name, (Tensor)p.parameter))];
        Assert.Equal(initial.Names.Order(StringComparer.Ordinal), loaded.Select(p => p.Name).Order(StringComparer.Ordinal));
        Assert.All(loaded, p => Assert.Equal(0, TinyMuffin.Difference(initial[p.Name], p.Value)));
    }

    [Fact]
    public void Network_HasTheReferencesNamesAndShapes()
    {
        SkipWithoutData();
        using var tiny = new TinyMuffin();
        Dictionary<string, long[]> expected = GoldenMuffin.ReadJson("state_dict_shapes.json").EnumerateObject()
            .Where(p => !p.Name.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal))
            .ToDictionary(p => p.Name, p => p.Value.EnumerateArray().Select(n => n.GetInt64()).ToArray());
        Dictionary<string, long[]> actual = tiny.Network.named_parameters().ToDictionary(p => p.name, p => p.parameter.shape);
        Assert.Equal(expected.Count, actual.Count);
        Assert.All(expected, pair => Assert.Equal(pair.Value, actual[pair.Key]));
    }

    [Fact]
    public void Forward_AgreesAtEveryStage()
    {
        SkipWithoutData();
        using var scope = NewDisposeScope();
        using IDisposable mode = inference_mode();
        using var tiny = new TinyMuffin();
        GoldenTensors expected = TinyMuffin.Values("activations.safetensors");
        GoldenTensors batch = TinyMuffin.Values("batch_gamma1.1.safetensors");

        ProcessedImage[] images = [.. TinyMuffin.Rows().Take(Pairs).Select(row => tiny.Model.Processor.ImageProcessor.Process(row.Image))];
        Tensor pixels = PixelTensor.Stack(images, CPU);
        Assert.Equal(0, TinyMuffin.Difference(expected["pixel_values"], pixels));

        int seen = 0;
        Tensor shown = tiny.Network.EncodeImages(pixels, (layer, value) =>
        {
            Close(expected[layer == 0 ? "vision.patch_and_cls_embed" : $"vision.layer{layer - 1}"], value);
            seen++;
        });
        Assert.Equal(1 + GoldenMuffin.Profile.GetProperty("vlayers").GetInt32(), seen);
        Tensor features = tiny.Network.EncodeImages(pixels, new ImageGrid(1, 1, 1));
        Close(expected["image_features"], shown);
        Close(expected["image_features"], features);
        Tensor projected = tiny.Network.ProjectImages(features);
        Close(expected["projected_features"], projected);

        Tensor ids = TinyMuffin.Tensor(batch["concatenated_input_ids"]);
        Tensor embedded = tiny.Network.Embed(ids, cat([projected, projected], 0));
        Tensor hidden = tiny.Network.Decode(embedded, Positions(ids), observe: (layer, value) =>
        {
            // Padded positions differ: the reference attends to the padding's own mask there, and nothing reads them.
            GoldenTensor golden = expected[$"llm.layer{layer - 1}"];
            long valid = Lengths(batch)[0];
            Tensor difference = (value.narrow(0, 0, 1) - TinyMuffin.Tensor(golden)).narrow(1, 0, valid).abs().max();
            Assert.True(difference.item<float>() <= StageLimit, $"llm.layer{layer - 1}: {difference.item<float>():E2}");
        });
        Tensor logits = tiny.Network.Head(hidden);
        long[] rows = expected["logits_rows"].ToLongs();
        Tensor stored = TinyMuffin.Tensor(expected["logits"]);
        for (int i = 0; i < rows.Length; i++)
        {
            Tensor difference = (logits[rows[i]] - stored[i]).narrow(0, 0, Lengths(batch)[rows[i]]).abs().max();
            Assert.True(difference.item<float>() <= StageLimit, $"logits of row {rows[i]}: {difference.item<float>():E2}");
        }

        Tensor labels = TinyMuffin.Tensor(batch["concatenated_labels"]);
        Tensor loss = nn.functional.cross_entropy(
            logits.narrow(1, 0, ids.shape[1] - 1).reshape(-1, logits.shape[2]), labels.narrow(1, 1, ids.shape[1] - 1).reshape(-1));
        Assert.Equal(expected["lm_loss"].ToFloats()[0], loss.item<float>(), LossLimit);
    }

    [Fact]
    public void ReferenceLogProbabilities_OfEveryRow_Agree()
    {
        SkipWithoutData();
        using IDisposable mode = inference_mode();
        using var tiny = new TinyMuffin();
        VisionLanguageModel model = tiny.Model;
        IReadOnlyList<TinyMuffin.Row> rows = TinyMuffin.Rows();
        JsonElement[] expected = [.. GoldenMuffin.ReadJson("reference_logps.json").GetProperty("rows").EnumerateArray()];
        Assert.Equal(rows.Count, expected.Length);
        for (int i = 0; i < rows.Count; i++)
        {
            foreach ((string side, string answer) in ((string, string)[])[("chosen", rows[i].Chosen), ("rejected", rows[i].Rejected)])
            {
                using var scope = NewDisposeScope();
                EncodedAnswer encoded = model.Processor.EncodeAnswer(rows[i].Prompt, answer);
                bool[] counted = Counted(encoded);
                Tensor logProbs = LogProbs(tiny.Network, encoded);                                       // [tokens - 1, vocabulary]
                float[] perToken = [.. expected[i].GetProperty($"{side}_per_token").EnumerateArray().Select(n => n.GetSingle())];
                Assert.Equal(counted.Length - 1, perToken.Length);
                int[] ids = [.. encoded.PromptIds, .. encoded.AnswerIds];
                double sum = 0;
                for (int t = 1; t < ids.Length; t++)
                {
                    // The reference gathers masked positions at id 0.
                    float logProb = logProbs[t - 1, counted[t] ? ids[t] : 0].item<float>();
                    Assert.Equal(perToken[t - 1], logProb, TokenLimit);
                    sum += counted[t] ? logProb : 0;
                }

                Assert.Equal(expected[i].GetProperty($"{side}_sum").GetDouble(), sum, SumLimit);
            }
        }
    }

    [Fact]
    public void EncodeAnswer_GivesTheReferencesRowsAndLabels()
    {
        SkipWithoutData();
        using var tiny = new TinyMuffin();
        VisionLanguageModel model = tiny.Model;
        GoldenTensors batch = TinyMuffin.Values("batch_gamma1.1.safetensors");
        IReadOnlyList<TinyMuffin.Row> rows = TinyMuffin.Rows();
        long width = batch["concatenated_input_ids"].Shape[1];
        long[] ids = batch["concatenated_input_ids"].ToLongs();
        long[] labels = batch["concatenated_labels"].ToLongs();
        for (int i = 0; i < 2 * Pairs; i++)
        {
            TinyMuffin.Row row = rows[i % Pairs];
            string answer = i < Pairs ? row.Chosen : row.Rejected;
            EncodedAnswer encoded = model.Processor.EncodeAnswer(row.Prompt, answer);
            long[] own = [.. encoded.PromptIds.Concat(encoded.AnswerIds).Select(id => (long)id)];
            Assert.Equal(Lengths(batch)[i], own.Length);
            Assert.Equal(ids.Skip((int)(i * width)).Take(own.Length), own);
            Assert.Equal(labels.Skip((int)(i * width)).Take(own.Length), own.Zip(Counted(encoded), (id, counted) => counted ? id : -100));
            Assert.Equal(answer, string.Concat(encoded.AnswerSpans.Distinct().Select(s => answer.Substring(s.Start, s.Length))));
        }
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(GradientRuns))]
    public void Gradients_OfTheFirstStep_Agree(string run)
    {
        using var scope = NewDisposeScope();
        using var tiny = new TinyMuffin();
        GoldenTensors expected = TinyMuffin.Values($"grads_step1_{run}.safetensors");
        JsonElement config = GoldenMuffin.ReadJson("training.json").GetProperty("runs").GetProperty(run).GetProperty("config");
        // The noise that the shared expectations state, for roots that come without their own.
        double noise = GoldenData.Has("rlhfv", "d_train", "noise_floor.json")
            ? GoldenMuffin.ReadJson("noise_floor.json").GetProperty("runs").GetProperty(run).GetProperty("grads_step1_max").GetDouble()
            : 3e-7;
        foreach (TorchSharp.Modules.Parameter parameter in tiny.Network.parameters())
        {
            parameter.requires_grad = true;
        }

        Loss(tiny.Network, config).backward();
        foreach ((string name, TorchSharp.Modules.Parameter parameter) in tiny.Network.named_parameters())
        {
            // No gradient at all is what the reference stores as zeros: the last layer's patches, which nobody reads.
            Tensor gradient = parameter.grad ?? zeros_like(parameter);
            double difference = TinyMuffin.Difference(expected[name], gradient);
            Assert.True(difference <= (10 * noise) + 1e-7, $"{run} gradient of {name}: {difference:E2}, the reference's own noise is {noise:E2}.");
        }

        long padding = GoldenMuffin.ReadJson("training.json").GetProperty("embed_padding_idx").GetInt64();
        Tensor table = tiny.Network.named_parameters().Single(p => p.name == "model.embed_tokens.weight").parameter.grad!;
        Assert.Equal(0, table[padding].abs().max().item<float>());
    }

    [Theory]
    [InlineData("greedy", 1, 1)]
    [InlineData("beam3_rp1.1", 3, 1.1)]
    public void Generation_ContinuesAsTheReference(string run, int beams, double repetitionPenalty)
    {
        SkipWithoutData();
        using var tiny = new TinyMuffin();
        IReadOnlyList<TinyMuffin.Row> rows = TinyMuffin.Rows();

        // The reference was kept from the four added tokens, which a random network may want.
        int[] added = [.. GoldenMuffin.ReadJson("training.json").GetProperty("added_tokens").EnumerateObject().Select(p => p.Value.GetInt32())];
        foreach (JsonElement row in GoldenMuffin.ReadJson("generation.json").GetProperty("rows").EnumerateArray())
        {
            var prompt = Prompt.Ask(row.GetProperty("question").GetString()!, rows[row.GetProperty("image_row").GetInt32()].Image);
            Assert.Equal(Ints(row.GetProperty("input_ids")), tiny.Model.Processor.EncodePrompt(prompt).Ids);
            JsonElement expected = row.GetProperty("runs").GetProperty(run);
            GenerationResult result = tiny.Model.Generate(prompt, new GenerationOptions
            {
                MaxNewTokens = row.GetProperty("max_new_tokens").GetInt32(),
                Beams = beams,
                RepetitionPenalty = repetitionPenalty,
                SuppressedTokens = added,
            });
            Assert.Equal(Ints(expected.GetProperty("ids")), result.TokenIds);
            if (expected.TryGetProperty("sequence_score", out JsonElement score))
            {
                Assert.Equal(score.GetDouble(), result.BeamScore!.Value, 1e-4);
            }
        }
    }

    [Fact]
    public void Batch_GivesEverySequenceWhatItGetsAlone()
    {
        SkipWithoutData();
        using var tiny = new TinyMuffin();
        Prompt[] prompts = [.. TinyMuffin.Rows().Take(3).Select(row => row.Prompt), Prompt.Ask("Hello?")];
        var options = new GenerationOptions { MaxNewTokens = 16 };
        IReadOnlyList<GenerationResult> together = tiny.Model.Generate(prompts, options);
        for (int i = 0; i < prompts.Length; i++)
        {
            GenerationResult alone = tiny.Model.Generate(prompts[i], options);
            Assert.Equal(alone.TokenIds, together[i].TokenIds);
            Assert.All(alone.LogProbs.Zip(together[i].LogProbs), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
        }
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Layouts))]
    public void SaveAndLoad_GivesEqualWeightsFilesAndAnswers(string layout)
    {
        using var tiny = new TinyMuffin(layout);
        string folder = Path.Combine(tiny.Folder, "saved");
        tiny.Model.Save(folder);
        using var again = VisionLanguageModel.Load(folder);
        Dictionary<string, TorchSharp.Modules.Parameter> copies = again.Network.named_parameters().ToDictionary(p => p.name, p => p.parameter);
        Assert.All(tiny.Network.named_parameters(), p => Assert.True(copies[p.name].eq(p.parameter).all().item<bool>(), p.name));
        using JsonDocument before = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(tiny.Folder, "config.json")));
        using JsonDocument after = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "config.json")));
        Assert.True(JsonElement.DeepEquals(before.RootElement, after.RootElement));
        foreach (string file in (string[])["generation_config.json", "added_tokens.json", "tokenizer.model"])
        {
            Assert.Equal(File.ReadAllBytes(Path.Combine(tiny.Folder, file)), File.ReadAllBytes(Path.Combine(folder, file)));
        }

        Prompt prompt = TinyMuffin.Rows()[0].Prompt;
        var options = new GenerationOptions { MaxNewTokens = 16 };
        Assert.Equal(tiny.Model.Generate(prompt, options).TokenIds, again.Generate(prompt, options).TokenIds);
    }

    [Fact]
    public void PositionTables_AreResizedAsTheReferenceDoes()
    {
        Assert.SkipUnless(GoldenData.Has("rlhfv", "e_interp", "positions.json"), "rlhfv/e_interp is not in this root.");
        using var scope = NewDisposeScope();
        GoldenTensors tables = GoldenTensors.LoadGolden("rlhfv", "e_interp", "positions.safetensors");
        using var document = JsonDocument.Parse(File.ReadAllBytes(GoldenData.Path("rlhfv", "e_interp", "positions.json")));
        foreach (JsonElement entry in document.RootElement.GetProperty("cases").EnumerateArray())
        {
            int number = entry.GetProperty("case").GetInt32();
            Tensor before = TinyMuffin.Tensor(tables[$"{number}.before"]);
            Assert.Equal(entry.GetProperty("grid_from").GetInt64(), Beit3Positions.GridOf(before.shape[0]));
            Tensor after = Beit3Positions.Resize(before, entry.GetProperty("grid_to").GetInt64());
            Assert.True(TinyMuffin.Difference(tables[$"{number}.after"], after) <= 5e-6, $"case {number}");
        }
    }

    private static int Pairs => GoldenMuffin.Profile.GetProperty("pairs").GetInt32();

    private static void SkipWithoutData() => Assert.SkipUnless(GoldenMuffin.Present, "rlhfv/d_train is not in this root.");

    private static void Close(GoldenTensor expected, Tensor actual)
    {
        double difference = TinyMuffin.Difference(expected, actual);
        Assert.True(difference <= StageLimit, $"{expected.Name}: {difference:E2}");
    }

    private static Tensor Positions(Tensor ids) => arange(ids.shape[1], dtype: ScalarType.Int64).expand(ids.shape[0], -1);

    private static long[] Lengths(GoldenTensors batch)
    {
        GoldenTensor mask = batch["concatenated_attention_mask"];
        return [.. mask.ToLongs().Chunk((int)mask.Shape[1]).Select(row => row.Sum())];
    }

    private static int[] Ints(JsonElement list) => [.. list.EnumerateArray().Select(n => n.GetInt32())];

    private static bool[] Counted(EncodedAnswer answer) =>
        [.. Enumerable.Range(0, answer.PromptIds.Count).Select(answer.CountedPromptTokens.Contains), .. answer.AnswerIds.Select(_ => true)];

    private static Tensor LogProbs(VisionLanguageNetwork network, EncodedAnswer answer)
    {
        Tensor ids = tensor([.. answer.PromptIds.Concat(answer.AnswerIds).Select(id => (long)id)]).unsqueeze(0);
        Tensor embedded = network.Embed(ids, cat([.. network.ProjectImages(network.EncodeImages(answer.Images))], 0));
        return network.Head(network.Decode(embedded, Positions(ids)))[0].log_softmax(-1);
    }

    /// <summary>The objective of a stored run on its whole batch, written out from the reference's tensors.</summary>
    private static Tensor Loss(MuffinNetwork network, JsonElement config)
    {
        GoldenTensors batch = TinyMuffin.Values("batch_gamma1.1.safetensors");
        Tensor pixels = TinyMuffin.Tensor(TinyMuffin.Values("activations.safetensors")["pixel_values"]);
        Tensor ids = TinyMuffin.Tensor(batch["concatenated_input_ids"]);
        Tensor labels = TinyMuffin.Tensor(batch["concatenated_labels"]).narrow(1, 1, ids.shape[1] - 1);
        Tensor projected = network.ProjectImages(network.EncodeImages(pixels, new ImageGrid(1, 1, 1)));
        Tensor logits = network.Head(network.Decode(network.Embed(ids, cat([projected, projected], 0)), Positions(ids)));
        Tensor counted = labels.EqualTo(-100).logical_not();
        Tensor logProbs = logits.narrow(1, 0, ids.shape[1] - 1).log_softmax(-1)
            .gather(2, where(counted, labels, zeros_like(labels)).unsqueeze(-1)).squeeze(-1);

        Tensor marked = TinyMuffin.Tensor(TinyMuffin.Values("weights_gamma5.safetensors")["concatenated_token_weight"]).EqualTo(5);
        double gamma = config.GetProperty("weighted").GetBoolean() ? config.GetProperty("gamma").GetDouble() : 1;
        Tensor weights = counted.to(ScalarType.Float32) * marked.to(ScalarType.Float32).Times(gamma - 1).Plus(1.0);
        Tensor scores = Score(logProbs);
        Tensor reference = Score(logProbs.detach());
        Tensor margins = (scores.narrow(0, 0, Pairs) - scores.narrow(0, Pairs, Pairs))
            - (reference.narrow(0, 0, Pairs) - reference.narrow(0, Pairs, Pairs));
        Tensor losses = nn.functional.softplus(margins.Times(-config.GetProperty("beta").GetDouble()));
        return losses.mean() - scores.narrow(0, 0, Pairs).mean().Times(config.GetProperty("sft").GetDouble());

        Tensor Score(Tensor values) => config.GetProperty("avg").GetBoolean()
            ? (values * weights).sum(1) / weights.sum(1)
            : (values * weights).sum(1);
    }
}
