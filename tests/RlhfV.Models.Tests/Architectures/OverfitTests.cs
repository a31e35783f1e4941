using RlhfV.Models.Modules;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace RlhfV.Models.Tests.Architectures;

/// <summary>Learning one caption by heart: gradients reach every part, and following them works.</summary>
public sealed class OverfitTests
{
    private const int Steps = 40;
    private const double LearningRate = 3e-3;

    public static TheoryData<string> Families => FamilyGoldenTests.All;

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Families))]
    public void OneCaption_IsLearnedByHeart(string family)
    {
        using var scope = NewDisposeScope();
        var golden = new GoldenFamily(family);
        using var model = VisionLanguageModel.Load(golden.Checkpoint);
        VisionLanguageNetwork network = model.Network;
        foreach (Parameter parameter in network.parameters())
        {
            parameter.requires_grad = true;
        }

        (Prompt prompt, string? caption) = golden.Conversation("t0");
        EncodedAnswer encoded = model.Processor.EncodeAnswer(prompt, caption!);
        var momentum = network.parameters().ToDictionary(p => p, p => (First: zeros_like(p), Second: zeros_like(p)));
        double first = 0, last = 0;
        for (int step = 1; step <= Steps; step++)
        {
            using var inner = NewDisposeScope();
            Tensor loss = Loss(network, encoded);
            network.zero_grad();
            loss.backward();
            last = loss.item<float>();
            if (step == 1)
            {
                first = last;
                AssertGradients(golden, network);
            }

            Follow(momentum, step);
        }

        Assert.True(first > 1, $"{family}: the loss began at {first}.");
        Assert.True(last < 0.05, $"{family}: after {Steps} steps the loss is {last}, at the beginning it was {first}.");
        Assert.Equal(caption, model.Generate(prompt).Text.Trim());
    }

    private static Tensor Loss(VisionLanguageNetwork network, EncodedAnswer encoded)
    {
        long[] ids = [.. encoded.PromptIds.Concat(encoded.AnswerIds).Select(id => (long)id)];
        long answer = encoded.AnswerIds.Count, length = ids.Length;
        Tensor all = tensor(ids, [1, length]);
        Tensor embeddings = network.Embed(all, cat([.. network.ProjectImages(network.EncodeImages(encoded.Images))], 0));
        Tensor hidden = network.Decode(embeddings, FamilyGoldenTests.Positions(encoded.Positions, embeddings));
        Tensor logits = network.Head(hidden.narrow(1, length - answer - 1, answer)).squeeze(0);
        return nn.functional.cross_entropy(logits, all[0].narrow(0, length - answer, answer));
    }

    /// <summary>Every parameter that the reference gives a gradient gets one; where its norm is above rounding, it is not zero.</summary>
    private static void AssertGradients(GoldenFamily golden, VisionLanguageNetwork network)
    {
        Dictionary<string, double> norms = golden.Cases.GetProperty("t0").GetProperty("grad_norms").EnumerateObject()
            .ToDictionary(norm => golden.NameInNetwork(norm.Name)!, norm => norm.Value.GetDouble());
        foreach ((string name, Parameter parameter) in network.named_parameters())
        {
            bool expected = norms.TryGetValue(name, out double norm);
            Assert.True(expected == parameter.grad is not null, $"{name}: the reference {(expected ? "gives a" : "gives no")} gradient.");
            if (expected && norm > 1e-6)
            {
                Assert.True(parameter.grad!.norm().item<float>() > 0, $"{name}: the gradient is zero.");
            }
        }
    }

    /// <summary>One step of AdamW (arXiv 1711.05101) without decay, beta 0.9 and 0.99.</summary>
    private static void Follow(Dictionary<Parameter, (Tensor First, Tensor Second)> momentum, int step)
    {
        using IDisposable plain = no_grad();
        foreach ((Parameter parameter, (Tensor first, Tensor second)) in momentum)
        {
            if (parameter.grad is { } gradient)
            {
                first.Scale(0.9);
                first.Add(gradient, 0.1);
                second.Scale(0.99);
                second.Add(gradient.Squared(), 0.01);
                Tensor spread = second.Times(1 / (1 - Math.Pow(0.99, step))).sqrt().Plus(1e-8);
                parameter.Add(first / spread, -LearningRate / (1 - Math.Pow(0.9, step)));
            }
        }
    }
}
