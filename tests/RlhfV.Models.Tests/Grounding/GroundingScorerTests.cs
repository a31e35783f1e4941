using RlhfV.Models.Grounding;
using RlhfV.Models.Images;
using RlhfV.Models.Tests.Generation;
using static TorchSharp.torch;

namespace RlhfV.Models.Tests.Grounding;

public sealed class GroundingScorerTests
{
    private const string Answer = "A red dog, and two cats.";

    [Theory]
    [InlineData(ImageBlanking.ZeroFeatures, 1)]
    [InlineData(ImageBlanking.MeanColor, 1)]
    [InlineData(ImageBlanking.ZeroFeatures, 12)]
    public void Score_BothRows_AreWhatSinglePassesGive(ImageBlanking blanking, int times)
    {
        using VisionLanguageModel model = TinyLlava.Load();
        string answer = string.Join(' ', Enumerable.Repeat(Answer, times));
        AnswerGrounding grounding = new GroundingScorer(model, blanking).Score(TinyLlava.Ask("What is it?"), answer);
        EncodedAnswer encoded = model.Processor.EncodeAnswer(TinyLlava.Ask("What is it?"), answer);
        Assert.Equal(times > 1, encoded.AnswerIds.Count > 130); // More than two slices of the output head.
        ProcessedImage blank = BlankImage.Of(encoded.Images[0]);
        float[] with = Single(model, encoded, encoded.Images[0], 1);
        float[] without = blanking == ImageBlanking.MeanColor ? Single(model, encoded, blank, 1) : Single(model, encoded, blank, 0);
        Assert.Equal(encoded.AnswerIds, grounding.Tokens.Select(token => token.Id));
        Assert.Equal(with.Select(p => (double)p), grounding.Tokens.Select(token => token.LogProbability), (a, b) => Math.Abs(a - b) < 1e-4);
        Assert.Equal(without.Select(p => (double)p), grounding.Tokens.Select(token => token.BlankLogProbability), (a, b) => Math.Abs(a - b) < 1e-4);
        Assert.Contains(grounding.Tokens, token => Math.Abs(token.LogRatio) > 1e-3);
    }

    [Fact]
    public void Score_Words_AddUpTheirTokens()
    {
        using VisionLanguageModel model = TinyLlava.Load();
        AnswerGrounding grounding = new GroundingScorer(model).Score(TinyLlava.Ask("What is it?"), Answer);
        Assert.Equal(["A", "red", "dog", "and", "two", "cats"], grounding.Words.Select(word => word.Text));
        Assert.All(grounding.Words, word => Assert.Equal(word.Text, Answer.Substring(word.Start, word.Length)));
        foreach (GroundedWord word in grounding.Words)
        {
            GroundedToken[] tokens =
                [.. grounding.Tokens.Where(t => t.Span.Length > 0 && t.Span.Start < word.Start + word.Length && t.Span.End > word.Start)];
            Assert.Equal(tokens.Sum(token => token.LogProbability), word.LogProbability, 1e-9);
            Assert.Equal(tokens.Sum(token => token.LogRatio), word.LogRatio, 1e-9);
        }

        GroundedSegment segment = grounding.Segment(2, 9)!;
        Assert.Equal(("red dog", 2), (segment.Text, segment.Words));
        Assert.Equal(grounding.Words[1].LogRatio + grounding.Words[2].LogRatio, segment.LogRatio, 1e-9);
        Assert.Equal(segment.LogRatio / 2, segment.MeanLogRatio, 1e-12);
        Assert.Null(grounding.Segment(9, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => grounding.Segment(3, Answer.Length));
    }

    [Fact]
    public void Score_PictureOfOneColor_BlankingItChangesNothing()
    {
        using VisionLanguageModel model = TinyLlava.Load();
        byte[] pixels = new byte[40 * 40 * 3];
        Array.Fill(pixels, (byte)77);
        Prompt prompt = Prompt.Ask("What is it?", ImageSource.FromRgb(new RgbImage(40, 40, pixels)));
        AnswerGrounding grounding = new GroundingScorer(model, ImageBlanking.MeanColor).Score(prompt, Answer);
        Assert.All(grounding.Tokens, token => Assert.Equal(0, token.LogRatio, 1e-4));
        Assert.Empty(grounding.Below(-0.01));
    }

    [Fact]
    public void Score_Twice_IsEqual()
    {
        using VisionLanguageModel model = TinyLlava.Load();
        var scorer = new GroundingScorer(model);
        Assert.Equal(scorer.Score(TinyLlava.Ask("What?"), Answer).Tokens, scorer.Score(TinyLlava.Ask("What?"), Answer).Tokens);
    }

    [Fact]
    public void Score_SeveralPictures_AllAreBlanked()
    {
        using VisionLanguageModel model = TinyLlava.Load();
        Prompt prompt = Prompt.Ask("Which?", TinyLlava.Picture(10), TinyLlava.Picture(90));
        AnswerGrounding grounding = new GroundingScorer(model).Score(prompt, Answer);
        Assert.All(grounding.Tokens, token => Assert.True(double.IsFinite(token.LogRatio)));
        Assert.NotEqual(grounding.Tokens, new GroundingScorer(model).Score(TinyLlava.Ask("Which?", 10), Answer).Tokens);
    }

    [Fact]
    public void Score_BadArguments_AreNamed()
    {
        using VisionLanguageModel model = TinyLlava.Load();
        var scorer = new GroundingScorer(model);
        Assert.Equal("prompt", Assert.Throws<ArgumentException>(() => scorer.Score(Prompt.Ask("What?"), Answer)).ParamName);
        Assert.Equal("answer", Assert.Throws<ArgumentException>(() => scorer.Score(TinyLlava.Ask("What?"), " ")).ParamName);
        Assert.Equal("blanking", Assert.Throws<ArgumentOutOfRangeException>(() => new GroundingScorer(model, (ImageBlanking)9)).ParamName);
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => scorer.Score(TinyLlava.Ask("What?"), Answer, cancelled.Token));
    }

    [Fact]
    public void Score_AnswerBeyondTheModelsPositions_IsRefused()
    {
        using VisionLanguageModel model = TinyLlava.Load();
        string answer = string.Concat(Enumerable.Repeat("dog ", model.Network.DecoderConfig.MaxPositions));
        var error = Assert.Throws<ArgumentException>(() => new GroundingScorer(model).Score(TinyLlava.Ask("What?"), answer));
        Assert.Contains($"room for {model.Network.DecoderConfig.MaxPositions}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Score_ModelDisposedMeanwhile_EndsFirst()
    {
        AnswerGrounding expected;
        using (VisionLanguageModel model = TinyLlava.Load())
        {
            expected = new GroundingScorer(model).Score(TinyLlava.Ask("What is it?"), Answer);
        }

        VisionLanguageModel disposed = TinyLlava.Load();
        var scorer = new GroundingScorer(disposed);
        Prompt prompt = TinyLlava.Ask("What is it?");
        prompt = prompt with { Turns = new DisposingTurns(prompt.Turns, disposed) };
        Assert.Equal(expected.Tokens, scorer.Score(prompt, Answer).Tokens);
        Assert.Throws<ObjectDisposedException>(() => scorer.Score(TinyLlava.Ask("What is it?"), Answer));
    }

    /// <summary>Turns that dispose a model when the last of them is read the second time: after the scorer's first look, before the network runs.</summary>
    private sealed class DisposingTurns(IReadOnlyList<PromptTurn> turns, VisionLanguageModel model) : IReadOnlyList<PromptTurn>
    {
        private int _reads;

        public int Count => turns.Count;

        public PromptTurn this[int index] => turns[index];

        public IEnumerator<PromptTurn> GetEnumerator()
        {
            if (++_reads == 2)
            {
                model.Dispose();
            }

            return turns.GetEnumerator();
        }

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }

    /// <summary>Log-probabilities of the answer in a pass of its own, with the features of a picture times a factor.</summary>
    private static float[] Single(VisionLanguageModel model, EncodedAnswer encoded, ProcessedImage image, double factor)
    {
        using var scope = NewDisposeScope();
        using IDisposable mode = no_grad();
        VisionLanguageNetwork network = model.Network;
        long[] row = [.. encoded.PromptIds.Concat(encoded.AnswerIds).Select(id => (long)id)];
        Tensor ids = tensor(row).unsqueeze(0);
        Tensor features = network.ProjectImages(network.EncodeImages([image]))[0] * factor;
        Tensor hidden = network.Decode(network.Embed(ids, features), arange(row.Length).unsqueeze(0));
        Tensor logProbs = nn.functional.log_softmax(network.Head(hidden), -1)[0];
        return [.. encoded.AnswerIds.Select((id, i) => logProbs[encoded.PromptIds.Count - 1 + i, id].item<float>())];
    }
}

/// <summary>Counts the process's tensors, so nothing may run beside it.</summary>
[Collection(nameof(GenerationLeakTests))]
public sealed class GroundingLeakTests
{
    [Fact]
    public void Score_LeavesNoTensorBehind()
    {
        using VisionLanguageModel model = TinyLlava.Load();
        var scorer = new GroundingScorer(model, ImageBlanking.MeanColor);
        scorer.Score(TinyLlava.Ask("What is it?"), "A red dog.");
        long before = Tensor.TotalCount;
        for (int i = 0; i < 3; i++)
        {
            scorer.Score(TinyLlava.Ask("What is it?"), "A red dog.");
        }

        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.Equal(before, Tensor.TotalCount);
    }
}
