using System.Text.Json;
using RlhfV.Models.Generation;
using RlhfV.Models.Images;
using static TorchSharp.torch;

namespace RlhfV.Models.Tests.Architectures;

/// <summary>Every stage of every family against the reference's stored numbers.</summary>
[Trait("Category", "Golden")]
public sealed class FamilyGoldenTests
{
    public static TheoryData<string, string> Prompts => Select(golden => golden.CaseNames('c'));

    public static TheoryData<string, string> Answers => Select(golden => golden.CaseNames('t'));

    public static TheoryData<string> All => [.. Present];

    public static TheoryData<string, string> Pictures => Select(
        golden => golden.Values.Names.Any(n => n.StartsWith("img.", StringComparison.Ordinal)) ? golden.Pictures : []);

    private static IEnumerable<string> Present => GoldenFamily.Names(pictures: true);

    [Theory]
    [MemberData(nameof(Prompts))]
    public void Encoding_GivesTheReferencesIdsAndPixels(string family, string name)
    {
        var golden = new GoldenFamily(family);
        using var model = VisionLanguageModel.Load(golden.Checkpoint);
        EncodedPrompt encoded = model.Processor.EncodePrompt(golden.Conversation(name).Prompt);
        Assert.Equal(golden.Longs($"{name}.input_ids"), encoded.Ids.Select(i => (long)i));
        Assert.Equal(golden.Floats($"{name}.pixel_values"), encoded.Images.SelectMany(i => i.Values));
    }

    [Theory]
    [MemberData(nameof(Prompts))]
    public void Forward_AgreesAtEveryStage(string family, string name)
    {
        using var scope = NewDisposeScope();
        using IDisposable mode = inference_mode();
        var golden = new GoldenFamily(family);
        using var model = VisionLanguageModel.Load(golden.Checkpoint);
        VisionLanguageNetwork network = model.Network;
        EncodedPrompt encoded = model.Processor.EncodePrompt(golden.Conversation(name).Prompt);
        IReadOnlyList<Tensor> tower = network.EncodeImages(encoded.Images);
        golden.AssertValuesIfStored($"{name}.vision.selected", tower);
        golden.AssertValuesIfStored($"{name}.vision.last_hidden", tower);
        IReadOnlyList<Tensor> features = network.ProjectImages(tower);
        golden.AssertValuesIfStored($"{name}.image_features", features);
        Tensor embeddings = network.Embed(golden.Tensor($"{name}.input_ids"), cat([.. features], 0));
        golden.AssertClose($"{name}.inputs_embeds", embeddings);
        int layers = network.DecoderConfig.Layers;
        Tensor hidden = network.Decode(embeddings, Positions(encoded.Positions, embeddings), observe: (layer, state) =>
        {
            // The reference's last state stands behind the final norm.
            if (layer < layers)
            {
                golden.AssertCloseIfStored($"{name}.text.hidden.{layer}", state);
            }
        });
        golden.AssertCloseIfStored($"{name}.text.hidden.{layers}", hidden);
        golden.AssertCloseIfStored($"{name}.logits", network.Head(hidden));
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Pictures))]
    public void SinglePicture_GivesTheReferencesPixelsAndFeatures(string family, string picture)
    {
        using var scope = NewDisposeScope();
        using IDisposable mode = inference_mode();
        var golden = new GoldenFamily(family);
        using var model = VisionLanguageModel.Load(golden.Checkpoint);
        ProcessedImage image = model.Processor.ImageProcessor.Process(golden.Image(picture));
        string name = $"img.{Path.GetFileNameWithoutExtension(picture)}";
        if (golden.Values.Contains($"{name}.pixel_values"))
        {
            Assert.Equal(golden.Floats($"{name}.pixel_values"), image.Values);
        }

        golden.AssertValuesIfStored($"{name}.image_features", model.Network.ProjectImages(model.Network.EncodeImages([image])));
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public void Loss_LogProbabilitiesAndGradients_Agree(string family, string name)
    {
        using var scope = NewDisposeScope();
        var golden = new GoldenFamily(family);
        using var model = VisionLanguageModel.Load(golden.Checkpoint);
        VisionLanguageNetwork network = model.Network;
        foreach (TorchSharp.Modules.Parameter parameter in network.parameters())
        {
            parameter.requires_grad = true;
        }

        IReadOnlyList<ProcessedImage> images = model.Processor.Process(golden.Conversation(name).Prompt);
        Tensor ids = golden.Tensor($"{name}.input_ids");
        Tensor labels = golden.Tensor($"{name}.labels");
        IReadOnlyList<Tensor> features = network.ProjectImages(network.EncodeImages(images));
        Tensor embeddings = network.Embed(ids, cat([.. features], 0));
        TokenPositions? positions = model.Processor.Locate?.Invoke([.. golden.Longs($"{name}.input_ids").Select(id => (int)id)], images);
        Tensor logits = network.Head(network.Decode(embeddings, Positions(positions, embeddings)));
        long length = ids.shape[1];
        string answer = $"{name}.answer_logits";
        if (golden.Values.Contains(answer))
        {
            long rows = golden.Values[answer].Shape[1];
            golden.AssertClose(answer, logits.narrow(1, length - rows, rows));
        }

        Tensor before = logits.narrow(1, 0, length - 1);
        Tensor logProbs = before.log_softmax(-1).gather(2, ids.narrow(1, 1, length - 1).unsqueeze(-1)).squeeze(-1);
        golden.AssertClose($"{name}.token_logprobs", logProbs);
        Tensor labelled = labels.narrow(1, 1, length - 1).ne(-100).to(ScalarType.Float32);
        golden.AssertClose($"{name}.label_logprob_sum", (logProbs * labelled).sum(dim: 1));
        Tensor loss = nn.functional.cross_entropy(before.reshape(-1, logits.shape[2]), labels.narrow(1, 1, length - 1).reshape(-1));
        golden.AssertClose($"{name}.loss", loss);

        if (golden.Cases.GetProperty(name).TryGetProperty("grad_norms", out JsonElement norms))
        {
            loss.backward();
            Func<string, string?> own = golden.NameInNetwork;
            Dictionary<string, Tensor> gradients = network.named_parameters()
                .Where(p => p.parameter.grad is not null).ToDictionary(p => p.name, p => p.parameter.grad!);
            foreach (JsonProperty norm in norms.EnumerateObject())
            {
                double expected = norm.Value.GetDouble();
                double actual = gradients.TryGetValue(own(norm.Name)!, out Tensor? gradient) ? gradient.norm().item<float>() : 0;

                // As everywhere four times the reference's own noise, its distance to double precision, is allowed.
                double noise = Math.Abs(expected - golden.Cases.GetProperty(name).GetProperty("grad_norms_float64").GetProperty(norm.Name).GetDouble());
                Assert.True(
                    Math.Abs(expected - actual) <= Math.Max(Math.Max(1e-5 * expected, 1e-6), 4 * noise),
                    $"{family} gradient norm of {norm.Name} is {actual}, expected {expected}.");
            }

            foreach (string stored in golden.Values.Names.Where(n => n.StartsWith($"{name}.grad.", StringComparison.Ordinal)))
            {
                golden.AssertClose(stored, gradients[own(stored[$"{name}.grad.".Length..])!]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public void AnswerEncoding_MasksExactlyThePrompt(string family, string name)
    {
        var golden = new GoldenFamily(family);
        using var model = VisionLanguageModel.Load(golden.Checkpoint);
        (Prompt prompt, string? answer) = golden.Conversation(name);
        EncodedAnswer encoded = model.Processor.EncodeAnswer(prompt, answer!);
        long[] labels = golden.Longs($"{name}.labels");
        int masked = labels.TakeWhile(l => l == -100).Count();
        Assert.Equal(golden.Longs($"{name}.input_ids")[..masked], encoded.PromptIds.Select(i => (long)i));

        // The reference's text goes on with a blank behind the answer, ours with the token that ends it.
        IEnumerable<long> text = encoded.AnswerIds.SkipLast(1).Select(i => (long)i);
        Assert.Equal(labels[masked..].Take(encoded.AnswerIds.Count - 1), text);

        // Characters of several bytes have a token per byte, each with the whole character's span.
        string covered = string.Concat(encoded.AnswerSpans.Distinct().Select(s => answer!.Substring(s.Start, s.Length)));
        Assert.Equal(answer, covered);
        Assert.Equal(0, encoded.AnswerSpans[^1].Length);
    }

    [Theory]
    [MemberData(nameof(Prompts))]
    public void Greedy_ContinuesAsTheReference(string family, string name)
    {
        using var scope = NewDisposeScope();
        var golden = new GoldenFamily(family);
        using var model = VisionLanguageModel.Load(golden.Checkpoint);
        GenerationResult result = model.Generate(golden.Conversation(name).Prompt, new GenerationOptions { MaxNewTokens = 16 });
        Assert.Equal(golden.Longs($"{name}.generated_ids"), result.TokenIds.Select(i => (long)i));
        Assert.Equal(FinishReason.Length, result.FinishReason);
        Tensor stored = golden.Tensor($"{name}.generated_logits").log_softmax(-1);
        Assert.All(result.LogProbs.Select((p, i) => (p, i)), step => Assert.Equal(stored[0, step.i, result.TokenIds[step.i]].item<float>(), step.p, 1e-4f));
        Assert.Equal(golden.Longs($"{name}.input_ids").Length, result.PromptTokens);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Batch_GivesEverySequenceWhatItGetsAlone(string family)
    {
        var golden = new GoldenFamily(family);
        using var model = VisionLanguageModel.Load(golden.Checkpoint);
        Prompt[] prompts = [golden.Conversation("c0").Prompt, golden.Conversation("c1").Prompt];
        IReadOnlyList<GenerationResult> batch = model.Generate(prompts, new GenerationOptions { MaxNewTokens = 16 });
        Assert.Equal(golden.Longs("batch.generated_ids"), batch.SelectMany(r => r.TokenIds).Select(i => (long)i));
        for (int i = 0; i < prompts.Length; i++)
        {
            GenerationResult alone = model.Generate(prompts[i], new GenerationOptions { MaxNewTokens = 16 });
            Assert.Equal(alone.Text, batch[i].Text);
            Assert.All(alone.LogProbs.Zip(batch[i].LogProbs), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void SaveAndLoad_GivesEqualWeightsAndAnswers(string family)
    {
        var golden = new GoldenFamily(family);
        string folder = Directory.CreateTempSubdirectory("rlhfv").FullName;
        try
        {
            using var model = VisionLanguageModel.Load(golden.Checkpoint);
            model.Save(folder);
            using var again = VisionLanguageModel.Load(folder);
            Dictionary<string, TorchSharp.Modules.Parameter> copies = again.Network.named_parameters().ToDictionary(p => p.name, p => p.parameter);
            Assert.All(model.Network.named_parameters(), p => Assert.True(copies[p.name].eq(p.parameter).all().item<bool>(), p.name));
            Prompt prompt = golden.Conversation("c0").Prompt;
            var options = new GenerationOptions { MaxNewTokens = 16 };
            Assert.Equal(model.Generate(prompt, options).TokenIds, again.Generate(prompt, options).TokenIds);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    internal static Tensor Positions(TokenPositions? positions, Tensor embeddings)
    {
        long tokens = embeddings.shape[1];
        return positions is null
            ? arange(tokens, dtype: ScalarType.Int64).expand(embeddings.shape[0], -1)
            : tensor([.. Enumerable.Range(0, (int)tokens).SelectMany(i => positions[i].ToArray())], [1, tokens, positions.Axes]);
    }

    private static TheoryData<string, string> Select(Func<GoldenFamily, IEnumerable<string>> names)
    {
        var data = new TheoryData<string, string>();
        foreach (string family in Present)
        {
            foreach (string name in names(new GoldenFamily(family)))
            {
                data.Add(family, name);
            }
        }

        return data;
    }
}
