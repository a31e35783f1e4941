using RlhfV.Models.Generation;

namespace RlhfV.Models.Tests.Architectures.Qwen25Vl;

/// <summary>Prompts of different length, with pictures of different size or none, decoded together.</summary>
public sealed class Qwen25VlGenerationTests
{
    private static readonly Prompt[] Prompts =
    [
        Prompt.Ask("What is in the image?", TinyQwen.Picture("a.png")),
        Prompt.Ask("No picture here, only a rather long question about nothing in particular."),
        Prompt.Ask("Describe it.", TinyQwen.Picture("e.png")),
        Prompt.Ask("Which of the two is larger?", TinyQwen.Picture("b.png"), TinyQwen.Picture("a.png")),
        Prompt.Ask("Hello."),
    ];

    [Fact]
    public void Batch_GivesEveryPromptWhatItGetsAlone()
    {
        using VisionLanguageModel model = TinyQwen.Load();
        var options = new GenerationOptions { MaxNewTokens = 12 };
        IReadOnlyList<GenerationResult> batch = model.Generate(Prompts, options);
        Assert.All(Prompts.Zip(batch), pair => AssertSame(model.Generate(pair.First, options), pair.Second));
    }

    [Fact]
    public void JoiningBetweenTokens_EveryAnswerIsTheOneItGetsAlone()
    {
        using VisionLanguageModel model = TinyQwen.Load();
        using var batch = new GenerationBatch(model);
        var results = new Dictionary<long, GenerationResult>();
        for (int step = 0; step < 40; step++)
        {
            if (step % 2 == 0 && step / 2 < Prompts.Length)
            {
                int i = step / 2;
                Take(batch.Add([new BatchPrompt { Id = i, Prompt = model.Processor.EncodePrompt(Prompts[i]), Options = Options(i) }]));
            }

            Take(batch.Step());
        }

        Assert.Equal(0, batch.Count);
        for (int i = 0; i < Prompts.Length; i++)
        {
            AssertSame(model.Generate(Prompts[i], Options(i)), results[i]);
        }

        static GenerationOptions Options(int i) => new() { MaxNewTokens = 6 + (7 * i % 11) };

        void Take(IReadOnlyList<BatchUpdate> updates)
        {
            foreach (BatchUpdate update in updates.Where(u => u.Update.Result is not null))
            {
                results.Add(update.Id, update.Update.Result!);
            }
        }
    }

    [Fact]
    public void PictureMarkInTheText_IsRefused()
    {
        using VisionLanguageModel model = TinyQwen.Load();
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => model.Generate(Prompt.Ask("What does <|image_pad|> mean?", TinyQwen.Picture("a.png"))));
        Assert.Contains("<|image_pad|>", error.Message, StringComparison.Ordinal);
    }

    private static void AssertSame(GenerationResult expected, GenerationResult actual)
    {
        Assert.Equal(expected.TokenIds, actual.TokenIds);
        Assert.All(expected.LogProbs.Zip(actual.LogProbs), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
    }
}
