using RlhfV.Models.Generation;
using RlhfV.Models.Grounding;
using static TorchSharp.torch;

namespace RlhfV.Models.Tests.Generation;

public sealed class GenerationTests
{
    [Fact]
    public void Validate_ListsEveryProblemAtOnce()
    {
        var options = new GenerationOptions { MaxNewTokens = 0, Temperature = -1, TopP = 0, TopK = -1, MinP = 1, RepetitionPenalty = 0, StopStrings = [""] };
        ArgumentException error = Assert.Throws<ArgumentException>(options.Validate);
        Assert.All(
            ["MaxNewTokens", "Temperature", "TopP", "TopK", "MinP", "RepetitionPenalty", "StopStrings"],
            name => Assert.Contains(name, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Validate_PenaltyWithoutEnd_IsRefused() =>
        Assert.Contains(
            "RepetitionPenalty",
            Assert.Throws<ArgumentException>(new GenerationOptions { RepetitionPenalty = double.PositiveInfinity }.Validate).Message,
            StringComparison.Ordinal);

    // Code units, because attributes keep their texts in UTF-8, which has no halves.
    [Theory]
    [InlineData(false, 0xD83D)]
    [InlineData(false, 0xDC36, 0x64)]
    [InlineData(false, 0x61, 0xD83D)]
    [InlineData(true, 0x61, 0xD83D, 0xDC36, 0xD83D, 0xDC36, 0x62)]
    [InlineData(true, 0xFFFD)]
    public void Validate_StopTextWithHalfACharacter_IsRefused(bool good, params int[] units)
    {
        var options = new GenerationOptions { StopStrings = [string.Concat(units.Select(unit => (char)unit))] };
        Exception? problem = Record.Exception(options.Validate);
        Assert.Equal(good, problem is null);
        Assert.True(good || problem is ArgumentException { Message: var message } && message.Contains("surrogate", StringComparison.Ordinal));
    }

    [Fact]
    public void PromptWithoutAQuestionAtItsEnd_IsRefused()
    {
        using VisionLanguageModel model = TinyLlava.Load();
        Prompt[] prompts = [new Prompt([]), TinyLlava.Ask("What is it?").WithAnswer("A dog.")];
        Assert.All(prompts, prompt => Assert.Contains(
            "the user's", Assert.Throws<ArgumentException>(() => model.Generate(prompt)).Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Sampling_EqualSeeds_GiveEqualAnswersWhateverElseIsInTheBatch()
    {
        using VisionLanguageModel model = TinyLlava.Load();
        var options = new GenerationOptions { MaxNewTokens = 12, Temperature = 1, Seed = 7 };
        GenerationResult alone = model.Generate(TinyLlava.Ask("What is it?"), options);
        IReadOnlyList<GenerationResult> batch = model.Generate(
            [TinyLlava.Ask("How many cats are in this picture, and where?", 30), TinyLlava.Ask("What is it?"), Prompt.Ask("No picture here.")], options);
        Assert.Equal(alone.TokenIds, batch[1].TokenIds);
        Assert.NotEqual(alone.TokenIds, model.Generate(TinyLlava.Ask("What is it?"), options with { Seed = 8 }).TokenIds);
    }

    [Fact]
    public void Stream_PiecesMakeUpTheAnswer()
    {
        using VisionLanguageModel model = TinyLlava.Load();
        var options = new GenerationOptions { MaxNewTokens = 24 };
        GenerationUpdate[] updates = [.. model.Stream(TinyLlava.Ask("Describe it."), options)];
        Assert.All(updates[..^1], u => Assert.Null(u.Result));
        GenerationResult whole = Assert.IsType<GenerationResult>(updates[^1].Result);
        Assert.Equal(whole.Text, string.Concat(updates.Select(u => u.Text)).Trim());
        Assert.Equal(model.Generate(TinyLlava.Ask("Describe it."), options).TokenIds, whole.TokenIds);
        Assert.Equal(whole.TokenIds.Count, whole.LogProbs.Count);
        Assert.All(whole.LogProbs, p => Assert.InRange(p, -50, 0));
    }

    [Fact]
    public void StopText_EndsTheAnswerBeforeIt()
    {
        using VisionLanguageModel model = TinyLlava.Load();
        var options = new GenerationOptions { MaxNewTokens = 24 };
        string text = model.Generate(TinyLlava.Ask("Describe it."), options).Text;
        string stop = text.Substring(text.Length / 2, 2);
        GenerationResult stopped = model.Generate(TinyLlava.Ask("Describe it."), options with { StopStrings = [stop] });
        Assert.Equal(FinishReason.Stop, stopped.FinishReason);
        Assert.Equal(text[..text.IndexOf(stop, StringComparison.Ordinal)].Trim(), stopped.Text);
    }

    [Fact]
    public void Cancellation_StopsBetweenTokens()
    {
        using VisionLanguageModel model = TinyLlava.Load();
        using var source = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() =>
        {
            foreach (GenerationUpdate _ in model.Stream(TinyLlava.Ask("Describe it."), new GenerationOptions { MaxNewTokens = 500 }, source.Token))
            {
                source.Cancel();
            }
        });
    }

    [Fact]
    public void PromptBeyondTheModelsPositions_IsRefused()
    {
        using VisionLanguageModel model = TinyLlava.Load();
        string longText = string.Join(' ', Enumerable.Repeat("cats", model.Network.DecoderConfig.MaxPositions));
        ArgumentException error = Assert.Throws<ArgumentException>(() => model.Generate(TinyLlava.Ask(longText)));
        Assert.Contains("room for", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, 1)]
    [InlineData(3, 0)]
    public void NetworkThatComputesNoNumbers_IsRefused(int beams, double temperature)
    {
        using VisionLanguageModel model = TinyLlava.Load();
        using (NewDisposeScope())
        using (no_grad())
        {
            model.Network.named_parameters().Last(p => p.name.EndsWith("norm.weight", StringComparison.Ordinal)).parameter.fill_(float.NaN);
        }

        var options = new GenerationOptions { MaxNewTokens = 4, Beams = beams, Temperature = temperature };
        var error = Assert.Throws<InvalidOperationException>(() => model.Generate(TinyLlava.Ask("What is it?"), options));
        Assert.Contains("not numbers", error.Message, StringComparison.Ordinal);
        Assert.Contains("Float32", error.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => new GroundingScorer(model).Score(TinyLlava.Ask("What is it?"), "A dog."));
    }

    [Fact]
    public void PromptFromWhichNoNumbersCome_LeavesTheOthersInTheBatchAlone()
    {
        using VisionLanguageModel model = TinyLlava.Load();
        var options = new GenerationOptions { MaxNewTokens = 8 };
        GenerationResult expected = model.Generate(Prompt.Ask("What is it?"), options);
        EncodedPrompt good = model.Processor.EncodePrompt(Prompt.Ask("What is it?")), bad = model.Processor.EncodePrompt(Prompt.Ask("QZ # %"));
        int broken = bad.Ids.First(id => !good.Ids.Contains(id) && !expected.TokenIds.Contains(id));
        using (NewDisposeScope())
        using (no_grad())
        {
            model.Network.named_parameters().Single(p => p.name.EndsWith("embed_tokens.weight", StringComparison.Ordinal)).parameter[broken].fill_(float.NaN);
        }

        using var batch = new GenerationBatch(model);
        var updates = new List<BatchUpdate>(batch.Add([new() { Id = 1, Prompt = good, Options = options }]));
        updates.AddRange(batch.Step());
        Assert.Throws<InvalidOperationException>(() => batch.Add([new() { Id = 2, Prompt = bad, Options = options }]));
        Assert.Equal(1, batch.Count);
        while (batch.Count > 0)
        {
            updates.AddRange(batch.Step());
        }

        Assert.Equal(expected.TokenIds, updates[^1].Update.Result!.TokenIds);
    }

    [Fact]
    public void PictureMarkInTheText_IsRefused()
    {
        using VisionLanguageModel model = TinyLlava.Load();
        ArgumentException error = Assert.Throws<ArgumentException>(() => model.Generate(TinyLlava.Ask("What does <image> mean?")));
        Assert.StartsWith("The words of the prompt hold '<image>', the mark of a picture's place. Leave it out", error.Message, StringComparison.Ordinal);
    }
}
