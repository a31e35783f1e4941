using RlhfV.Models.Images;

namespace RlhfV.Models.Tests.Images;

public sealed class Qwen2VLImageProcessorTests
{
    [Fact]
    public void Process_AnyPicture_LaysPatchesOutInMergeOrder()
    {
        const int patch = 2, merge = 2, time = 2;
        var processor = new Qwen2VLImageProcessor(new()
        {
            PatchSize = patch,
            MergeSize = merge,
            TemporalPatchSize = time,
            Resize = false,
            RescaleFactor = null,
            Mean = null,
            Std = null,
        });
        var image = TestPictures.Noise(12, 8);

        var processed = processor.Process(image);

        Assert.Equal(new ImageGrid(1, 4, 6), processed.Grid);
        Assert.Equal([24, 3 * time * patch * patch], processed.Shape);
        int at = 0;
        for (int token = 0; token < 24; token++)
        {
            // Blocks of 2 x 2 patches, three blocks to a row.
            int block = token / 4, row = (block / 3 * merge) + (token % 4 / 2), column = (block % 3 * merge) + (token % 2);
            for (int i = 0; i < 3 * time * patch * patch; i++, at++)
            {
                int channel = i / (time * patch * patch), y = (row * patch) + (i % 4 / 2), x = (column * patch) + (i % 2);
                Assert.Equal(image.Pixels[(3 * ((y * 12) + x)) + channel], processed.Values[at]);
            }
        }
    }

    [Theory]
    [InlineData(70, 98, 56, 112)]
    [InlineData(1, 1, 56, 56)]
    [InlineData(4000, 3000, 1148, 840)]
    public void Process_DefaultLimits_ResizesToWholeTokens(int width, int height, int newWidth, int newHeight) =>
        Assert.Equal(new ImageSize(newWidth, newHeight), Qwen2VLImageProcessor.SmartSize(new(width, height), 28, 3136, 1_003_520));

    [Fact]
    public void Constructor_LimitsTheWrongWayRound_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>("options", () => new Qwen2VLImageProcessor(new() { MinPixels = 10, MaxPixels = 9 }));
}
