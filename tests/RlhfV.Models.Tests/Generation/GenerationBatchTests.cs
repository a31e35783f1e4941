using RlhfV.Models.Generation;
using static TorchSharp.torch;

namespace RlhfV.Models.Tests.Generation;

public sealed class GenerationBatchTests
{
    private static readonly Prompt[] Prompts =
    [
        TinyLlava.Ask("What is it?"),
        Prompt.Ask("No picture here."),
        TinyLlava.Ask("How many cats are in this picture, and where do they sit?", 30),
        TinyLlava.Ask("Describe the picture in detail, please.", 200),
        Prompt.Ask("Say something."),
    ];

    [Theory]
    [InlineData(0.0, 1.0)]
    [InlineData(0.9, 1.0)]
    [InlineData(0.0, 1.3)]
    public void JoiningBetweenTokens_EveryAnswerIsTheOneItGetsAlone(double temperature, double penalty)
    {
        using VisionLanguageModel model = TinyLlava.Load();
        using var batch = new GenerationBatch(model);
        var results = new Dictionary<long, GenerationResult>();
        var texts = new Dictionary<long, string>();
        for (int step = 0; step < 60; step++)
        {
            // The second joins while the first is at its third token, and so on; lengths differ so that they leave at different times.
            if (step % 3 == 0 && step / 3 < Prompts.Length)
                Take(batch.Add([Entry(model, step / 3, Options(step / 3))]));
            Take(batch.Step());
        }

        Assert.Equal(0, batch.Count);
        for (int i = 0; i < Prompts.Length; i++)
        {
            GenerationResult alone = model.Generate(Prompts[i], Options(i));
            Assert.Equal(alone.TokenIds, results[i].TokenIds);
            Assert.Equal(alone.Text, results[i].Text);
            Assert.Equal(alone.Text, texts[i]);
            Assert.All(alone.LogProbs.Zip(results[i].LogProbs), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
        }

        GenerationOptions Options(int i) =>
            new() { MaxNewTokens = 8 + (9 * i % 23), Temperature = temperature, Seed = 3, RepetitionPenalty = penalty };

        void Take(IReadOnlyList<BatchUpdate> updates)
        {
            foreach (BatchUpdate update in updates)
            {
                texts[update.Id] = texts.GetValueOrDefault(update.Id, "") + update.Update.Text;
                if (update.Update.Result is { } result)
                    results.Add(update.Id, result);
            }
        }
    }

    [Fact]
    public void Remove_LeavesTheOthersAsTheyAre()
    {
        using VisionLanguageModel model = TinyLlava.Load();
        using var batch = new GenerationBatch(model);
        var options = new GenerationOptions { MaxNewTokens = 12 };
        batch.Add([.. Enumerable.Range(0, 4).Select(i => Entry(model, i, options))]);
        batch.Step();
        Assert.True(batch.Remove(1));
        Assert.False(batch.Remove(1));
        batch.Step();
        Assert.True(batch.Remove(3));
        Assert.Equal(2, batch.Count);
        List<GenerationResult> results = Finish(batch);
        Assert.Equal(
            new[] { 0, 2 }.Select(i => model.Generate(Prompts[i], options).Text).Order(), results.Select(r => r.Text).Order());
    }

    [Fact]
    public void Add_ThatFails_LeavesTheOthersAsTheyAre()
    {
        using VisionLanguageModel model = TinyLlava.Load();
        using var batch = new GenerationBatch(model);
        var options = new GenerationOptions { MaxNewTokens = 12 };
        batch.Add([Entry(model, 0, options)]);
        EncodedPrompt right = model.Processor.EncodePrompt(Prompts[2]);
        var wrong = new BatchPrompt { Id = 7, Prompt = right with { Images = [] }, Options = options, ImageFeatures = [] };
        var mixed = new BatchPrompt { Id = 8, Prompt = right with { Images = [.. right.Images, .. right.Images] }, Options = options };
        var tooLong = new BatchPrompt { Id = 9, Prompt = right with { Ids = new int[model.Network.DecoderConfig.MaxPositions] }, Options = options };
        var taken = new BatchPrompt { Id = 0, Prompt = right, Options = options };
        batch.Step();
        Assert.All([mixed, tooLong, taken], bad => Assert.Throws<ArgumentException>(() => batch.Add([bad])));
        Assert.Throws<ArgumentException>(() => batch.Add([mixed, wrong]));
        Assert.Equal(1, batch.Count);
        Assert.Equal(model.Generate(Prompts[0], options).Text, Assert.Single(Finish(batch)).Text);
        Assert.Equal(0, batch.CacheBytes);
    }

    [Fact]
    public void EncodedPictures_AreUsedInsteadOfEncodingAgain()
    {
        using VisionLanguageModel model = TinyLlava.Load();
        using var batch = new GenerationBatch(model);
        var options = new GenerationOptions { MaxNewTokens = 12 };
        BatchPrompt entry = Entry(model, 0, options);
        IReadOnlyList<Tensor> features = batch.EncodeImages(entry.Prompt.Images);
        batch.Add([entry with { ImageFeatures = features }, Entry(model, 1, options), Entry(model, 2, options)]);
        Assert.Equal(
            Enumerable.Range(0, 3).Select(i => model.Generate(Prompts[i], options).Text).Order(), Finish(batch).Select(r => r.Text).Order());
        Assert.All(features, f => Assert.False(f.IsInvalid));
        foreach (Tensor feature in features)
            feature.Dispose();
    }

    private static BatchPrompt Entry(VisionLanguageModel model, int i, GenerationOptions options) =>
        new() { Id = i, Prompt = model.Processor.EncodePrompt(Prompts[i]), Options = options };

    private static List<GenerationResult> Finish(GenerationBatch batch)
    {
        var results = new List<GenerationResult>();
        while (batch.Count > 0)
            results.AddRange(batch.Step().Select(u => u.Update.Result).OfType<GenerationResult>());
        return results;
    }
}
