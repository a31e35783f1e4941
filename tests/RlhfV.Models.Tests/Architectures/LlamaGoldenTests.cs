using System.Text.Json;
using RlhfV.Models.Generation;
using RlhfV.Models.Modules;
using static TorchSharp.torch;

namespace RlhfV.Models.Tests.Architectures;

/// <summary>The text-only Llama with scaled rotary frequencies and a tied head against the reference's stored numbers.</summary>
[Trait("Category", "Golden")]
public sealed class LlamaGoldenTests
{
    public static TheoryData<string> Families => [.. GoldenFamily.Names(pictures: false)];

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Families))]
    public void InverseFrequencies_AreScaledAsTheReferenceScalesThem(string family)
    {
        var golden = new GoldenFamily(family);
        using var model = VisionLanguageModel.Load(golden.Checkpoint);
        DecoderConfig config = model.Network.DecoderConfig;
        Assert.NotNull(config.RotaryScaling);
        var rotary = new RotaryEmbedding(config.HeadSize, config.RotaryTheta, config.RotaryScaling);
        golden.AssertClose("rotary.inv_freq", golden.Floats("rotary.inv_freq"), rotary.InverseFrequencies());
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Families))]
    public void Forward_AgreesAtEveryLayer(string family)
    {
        using var scope = NewDisposeScope();
        using IDisposable mode = inference_mode();
        var golden = new GoldenFamily(family);
        using var model = VisionLanguageModel.Load(golden.Checkpoint);
        foreach (string name in golden.CaseNames('c').Where(name => golden.Values.Contains($"{name}.logits")))
        {
            Tensor ids = golden.Tensor($"{name}.input_ids");
            Tensor embeddings = model.Network.Embed(ids, null);
            golden.AssertClose($"{name}.text.hidden.0", embeddings);
            int layers = model.Network.DecoderConfig.Layers;
            Tensor hidden = model.Network.Decode(embeddings, Counted(ids), observe: (layer, x) =>
            {
                if (layer < layers)
                    golden.AssertClose($"{name}.text.hidden.{layer}", x);
            });
            golden.AssertClose($"{name}.text.hidden.{layers}", hidden);
            golden.AssertClose($"{name}.logits", model.Network.Head(hidden));
            golden.AssertClose($"{name}.token_logprobs", LogProbs(model.Network, ids));
        }
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Families))]
    public void Conversations_GiveTheReferencesIdsAndLabels(string family)
    {
        var golden = new GoldenFamily(family);
        using var model = VisionLanguageModel.Load(golden.Checkpoint);
        int compared = 0;
        foreach (string name in golden.CaseNames('c', 't').Where(name => golden.Cases.GetProperty(name).TryGetProperty("messages", out _)))
        {
            (Prompt prompt, string? answer) = golden.Conversation(name);
            if (answer is null)
            {
                Assert.Equal(golden.Longs($"{name}.input_ids"), model.Processor.EncodePrompt(prompt).Ids.Select(id => (long)id));
            }
            else
            {
                EncodedAnswer encoded = model.Processor.EncodeAnswer(prompt, answer);
                long[] labels = golden.Longs($"{name}.labels");
                int masked = labels.TakeWhile(label => label == -100).Count();
                Assert.Equal(golden.Longs($"{name}.input_ids")[..masked], encoded.PromptIds.Select(id => (long)id));
                Assert.Equal(labels[masked..].Take(encoded.AnswerIds.Count), encoded.AnswerIds.Select(id => (long)id));
            }

            compared++;
        }

        Assert.True(compared >= 2);
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Families))]
    public void LossAndGradients_Agree(string family)
    {
        using var scope = NewDisposeScope();
        var golden = new GoldenFamily(family);
        using var model = VisionLanguageModel.Load(golden.Checkpoint);
        foreach (TorchSharp.Modules.Parameter parameter in model.Network.parameters())
            parameter.requires_grad = true;
        foreach (string name in golden.CaseNames('t'))
        {
            Tensor ids = golden.Tensor($"{name}.input_ids");
            Tensor logProbs = LogProbs(model.Network, ids);
            golden.AssertClose($"{name}.token_logprobs", logProbs);
            Tensor labelled = golden.Tensor($"{name}.labels").narrow(1, 1, ids.shape[1] - 1).ne(-100);
            golden.AssertClose($"{name}.label_logprob_sum", (logProbs * labelled.to(ScalarType.Float32)).sum(dim: 1));
            Tensor loss = logProbs.masked_select(labelled).mean().neg();
            golden.AssertClose($"{name}.loss", loss);
            loss.backward();
            Dictionary<string, Tensor> gradients = model.Network.named_parameters().ToDictionary(p => p.name, p => p.parameter.grad!);
            foreach (JsonProperty norm in golden.Cases.GetProperty(name).GetProperty("grad_norms").EnumerateObject())
            {
                double expected = norm.Value.GetDouble();
                Assert.InRange(gradients[norm.Name].norm().item<float>(), expected * (1 - 1e-5), expected * (1 + 1e-5));
            }

            foreach (string stored in golden.Values.Names.Where(n => n.StartsWith($"{name}.grad.", StringComparison.Ordinal)))
                golden.AssertClose(stored, gradients[stored[$"{name}.grad.".Length..]]);
        }
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Families))]
    public void Greedy_ContinuesAsTheReference_AloneAndInABatch(string family)
    {
        var golden = new GoldenFamily(family);
        using var model = VisionLanguageModel.Load(golden.Checkpoint);
        foreach (string name in golden.CaseNames('c'))
            Assert.Equal(golden.Longs($"{name}.generated_ids"), Answers(model, [golden.Longs($"{name}.input_ids")])[0]);
        long[] ids = golden.Longs("batch.input_ids");
        long[] mask = golden.Longs("batch.attention_mask");
        int width = (int)golden.Values["batch.input_ids"].Shape[1];
        long[][] rows = [.. Enumerable.Range(0, ids.Length / width).Select(row => ids[(row * width)..((row + 1) * width)]
            .Where((_, i) => mask[(row * width) + i] == 1).ToArray())];
        Assert.Equal(golden.Longs("batch.generated_ids"), Answers(model, rows).SelectMany(answer => answer));
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Families))]
    public void Pictures_AreRefusedBeforeAnythingRuns(string family)
    {
        using var model = VisionLanguageModel.Load(new GoldenFamily(family).Checkpoint);
        var error = Assert.Throws<ArgumentException>(() => model.Generate(Prompt.Ask("What is it?", TinyLlava.Picture(3))));
        Assert.Contains("text alone", error.Message, StringComparison.Ordinal);
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Families))]
    public void SaveAndLoad_GivesEqualWeightsAndAnswers(string family)
    {
        var golden = new GoldenFamily(family);
        string folder = Directory.CreateTempSubdirectory("rlhfv").FullName;
        try
        {
            using var model = VisionLanguageModel.Load(golden.Checkpoint);
            model.Save(folder);
            using var again = VisionLanguageModel.Load(folder);
            string name = golden.CaseNames('c').First();
            Assert.Equal(Answers(model, [golden.Longs($"{name}.input_ids")])[0], Answers(again, [golden.Longs($"{name}.input_ids")])[0]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Tensor Counted(Tensor ids) => arange(ids.shape[1], dtype: ScalarType.Int64).unsqueeze(0);

    private static Tensor LogProbs(VisionLanguageNetwork network, Tensor ids)
    {
        Tensor logits = network.Head(network.Decode(network.Embed(ids, null), Counted(ids)));
        long last = ids.shape[1] - 1;
        return logits.narrow(1, 0, last).log_softmax(-1).gather(2, ids.narrow(1, 1, last).unsqueeze(-1)).squeeze(-1);
    }

    private static long[][] Answers(VisionLanguageModel model, long[][] prompts)
    {
        using var batch = new GenerationBatch(model);
        var options = new GenerationOptions { MaxNewTokens = 16 };
        var results = new long[prompts.Length][];
        IReadOnlyList<BatchUpdate> updates = batch.Add(
            [.. prompts.Select((ids, i) => new BatchPrompt { Id = i, Prompt = new EncodedPrompt { Ids = [.. ids.Select(id => (int)id)], Images = [] }, Options = options })]);
        while (true)
        {
            foreach (BatchUpdate update in updates.Where(u => u.Update.Result is not null))
                results[update.Id] = [.. update.Update.Result!.TokenIds.Select(id => (long)id)];
            if (batch.Count == 0)
                return results;
            updates = batch.Step();
        }
    }
}
