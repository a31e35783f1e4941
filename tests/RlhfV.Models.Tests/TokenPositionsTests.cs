using RlhfV.Models.Generation;
using RlhfV.Models.Images;
using static TorchSharp.torch;

namespace RlhfV.Models.Tests;

public sealed class TokenPositionsTests
{
    [Fact]
    public void Next_FollowsTheLargestPositionOfAnyAxis()
    {
        var positions = new TokenPositions(3, [0, 0, 0, 1, 1, 4, 1, 2, 1]);
        Assert.Equal(3, positions.Tokens);
        Assert.Equal([1L, 1, 4], positions[1].ToArray());
        Assert.Equal(5, positions.Next);
    }

    [Fact]
    public void Make_RefusesHalfATokenAndNoAxis()
    {
        Assert.Throws<ArgumentException>(() => new TokenPositions(3, [0, 0]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TokenPositions(0, []));
    }

    [Fact]
    public void Generation_GoesOnWhereThePromptsPositionsEnd()
    {
        using VisionLanguageModel model = TinyLlava.Load();
        int[] ids = [1, 30, 40, 50, 60];

        // Rotary attention sees only distances: the same prompt moved by 7 must get the same answer, but only if what follows moves too.
        var counted = new EncodedPrompt { Ids = ids, Images = [] };
        EncodedPrompt moved = counted with { Positions = new TokenPositions(1, [7, 8, 9, 10, 11]) };
        Assert.Equal(Answer(counted), Answer(moved));

        IReadOnlyList<int> Answer(EncodedPrompt prompt)
        {
            using var batch = new GenerationBatch(model);
            IReadOnlyList<BatchUpdate> updates = batch.Add([new BatchPrompt { Id = 1, Prompt = prompt, Options = new GenerationOptions { MaxNewTokens = 12 } }]);
            while (batch.Count > 0)
                updates = batch.Step();
            return updates[^1].Update.Result!.TokenIds;
        }
    }

    [Fact]
    public void EncodeImages_OfDifferentShapes_GivesEachWhatItGetsAlone()
    {
        using VisionLanguageModel model = TinyLlava.Load();
        using var scope = NewDisposeScope();
        using IDisposable mode = inference_mode();
        ProcessedImage[] images = [Picture(0.1f), Picture(0.9f), Picture(0.5f) with { Grid = new ImageGrid(1, 2, 1) }];
        IReadOnlyList<Tensor> together = model.Network.ProjectImages(model.Network.EncodeImages(images));
        for (int i = 0; i < images.Length; i++)
        {
            Tensor alone = model.Network.ProjectImages(model.Network.EncodeImages([images[i]]))[0];
            Assert.True(together[i].allclose(alone, rtol: 1e-4, atol: 1e-5), $"picture {i}");
        }

        Assert.Throws<ArgumentException>(() => PixelTensor.Stack(images, CPU));

        static ProcessedImage Picture(float level) => new() { Values = [.. Enumerable.Range(0, 3 * 56 * 56).Select(i => level * (i % 7))], Shape = [3, 56, 56] };
    }
}
