using RlhfV.Goldens;
using RlhfV.Models.Generation;
using RlhfV.Models.Grounding;
using static TorchSharp.torch;

namespace RlhfV.Models.Tests.Grounding;

public sealed class GroundingFamilyTests
{
    [Theory]
    [InlineData("llava", ImageBlanking.ZeroFeatures)]
    [InlineData("llava", ImageBlanking.MeanColor)]
    [InlineData("smolvlm", ImageBlanking.ZeroFeatures)]
    [InlineData("smolvlm", ImageBlanking.MeanColor)]
    [InlineData("idefics3", ImageBlanking.ZeroFeatures)]
    [InlineData("idefics3", ImageBlanking.MeanColor)]
    [InlineData("qwen25vl", ImageBlanking.ZeroFeatures)]
    [InlineData("qwen25vl", ImageBlanking.MeanColor)]
    public void Score_EveryFamily_GivesTheProbabilitiesOfGeneration(string family, ImageBlanking blanking)
    {
        using VisionLanguageModel model = VisionLanguageModel.Load(GoldenData.Path("hf", family, "checkpoint"));
        Prompt prompt = Prompt.Ask("What is it?", ImageSource.FromFile(GoldenData.Path("hf", "images", "a.png")));
        AnswerGrounding grounding = new GroundingScorer(model, blanking).Score(prompt, "A red dog.");
        Assert.Equal(["A", "red", "dog"], grounding.Words.Select(word => word.Text));
        Assert.All(grounding.Tokens, token => Assert.True(token.LogProbability < 0 && token.BlankLogProbability < 0));
        Assert.Contains(grounding.Tokens, token => Math.Abs(token.LogRatio) > 1e-5);

        // Token by token as generation computes it, with the family's own pictures and positions.
        using var scope = NewDisposeScope();
        using IDisposable mode = inference_mode();
        EncodedPrompt encoded = model.Processor.EncodePrompt(prompt);
        using var session = new DecodingSession(model.Network);
        Tensor logits = session.Join([encoded], cat([.. model.Network.ProjectImages(model.Network.EncodeImages(encoded.Images))]));
        foreach (GroundedToken token in grounding.Tokens)
        {
            Assert.Equal(nn.functional.log_softmax(logits, -1)[0, token.Id].item<float>(), token.LogProbability, 1e-3);
            logits = session.Step([token.Id]);
        }
    }
}
