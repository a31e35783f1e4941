using RlhfV.Models.Generation;
using RlhfV.Models.Tests.Architectures;
using TorchSharp;

namespace RlhfV.Models.Tests.Generation;

/// <summary>Counts the process's tensors, so nothing may run beside it.</summary>
[CollectionDefinition(nameof(GenerationLeakTests), DisableParallelization = true)]
[Collection(nameof(GenerationLeakTests))]
public sealed class GenerationLeakTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Generate_LeavesNoTensorBehind(int beams)
    {
        using VisionLanguageModel model = TinyLlava.Load();
        var options = new GenerationOptions { MaxNewTokens = 6, Beams = beams };
        Prompt[] prompts = [TinyLlava.Ask("What is it?"), Prompt.Ask("Nothing to see.")];
        model.Generate(prompts, options);
        long before = torch.Tensor.TotalCount;
        for (int i = 0; i < 5; i++)
        {
            model.Generate(prompts, options);
        }

        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.Equal(before, torch.Tensor.TotalCount);
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(FamilyGoldenTests.All), MemberType = typeof(FamilyGoldenTests))]
    public void Generate_PicturesOfAnyFamily_LeavesNoTensorBehind(string family)
    {
        var golden = new GoldenFamily(family);
        using var model = VisionLanguageModel.Load(golden.Checkpoint);
        var options = new GenerationOptions { MaxNewTokens = 3 };
        Prompt[] prompts = [golden.Conversation("c0").Prompt, golden.Conversation("c1").Prompt];
        model.Generate(prompts, options);
        long before = torch.Tensor.TotalCount;
        model.Generate(prompts, options);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.Equal(before, torch.Tensor.TotalCount);
    }

    [Fact]
    public void Batch_WithComingsAndGoings_LeavesNoTensorBehind()
    {
        using VisionLanguageModel model = TinyLlava.Load();
        Live();
        long before = torch.Tensor.TotalCount;
        Live();
        Live();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.Equal(before, torch.Tensor.TotalCount);

        void Live()
        {
            using var batch = new GenerationBatch(model);
            batch.Add([Entry(0)]);
            batch.Step();
            batch.Add([Entry(1), Entry(2)]);
            batch.Remove(0);
            for (int i = 0; i < 65; i++)
                batch.Step();
            Assert.True(batch.Count > 0, "All answers had ended, the last growth of the cache was not seen.");
        }

        BatchPrompt Entry(int id) => new()
        {
            Id = id,
            Prompt = model.Processor.EncodePrompt(TinyLlava.Ask("What is it?"[..(8 + id)])),
            Options = new GenerationOptions { MaxNewTokens = 100 },
        };
    }
}
