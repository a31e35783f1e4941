using RlhfV.Models.Images;
using RlhfV.Training.Augmentation;

namespace RlhfV.Training.Tests.Augmentation;

public class PictureAugmenterTests
{
    private static readonly RgbImage Picture = Random(40, 30, seed: 3);

    [Fact]
    public void Apply_SeedPictureAndView_DecideTheResult()
    {
        var augmenter = new PictureAugmenter(new AugmentationOptions { Probability = 1, OperationsPerPicture = 3 }, seed: 5);
        var other = new PictureAugmenter(new AugmentationOptions { Probability = 1, OperationsPerPicture = 3 }, seed: 6);
        byte[][] views = [.. Enumerable.Range(0, 6).Select(view => augmenter.Apply(Picture, "p", view).Pixels.ToArray())];

        Assert.All(views.Index(), view => Assert.Equal(view.Item, augmenter.Apply(Picture, "p", view.Index).Pixels.ToArray()));
        Assert.True(views.Select(Convert.ToHexString).Distinct().Count() >= 4);
        Assert.NotEqual(views.SelectMany(v => v), Enumerable.Range(0, 6).SelectMany(view => other.Apply(Picture, "p", view).Pixels.ToArray()));
        Assert.NotEqual(views.SelectMany(v => v), Enumerable.Range(0, 6).SelectMany(view => augmenter.Apply(Picture, "q", view).Pixels.ToArray()));
    }

    [Fact]
    public void Apply_Photometric_LeavesEveryEdgeInItsPlace()
    {
        // A white square on black: whatever the operations do to colours, its border must not move.
        byte[] levels = new byte[3 * 32 * 32];
        for (int y = 8; y < 20; y++)
        {
            levels.AsSpan(3 * (32 * y + 10), 3 * 9).Fill(200);
        }

        var square = new RgbImage(32, 32, levels);
        var augmenter = new PictureAugmenter(new AugmentationOptions { Probability = 1, Operations = [.. AugmentationOptions.Photometric.Except([PictureOperation.Sharpness])] }, 1);

        for (int view = 0; view < 40; view++)
        {
            byte[] seen = augmenter.Apply(square, "s", view).Pixels.ToArray();
            byte outside = seen[0], inside = seen[3 * (32 * 12 + 14)];
            for (int i = 0; i < seen.Length; i++)
            {
                Assert.Equal(levels[i] == 0 ? outside : inside, seen[i]);
            }
        }
    }

    [Theory]
    [InlineData(PictureOperation.Rotate)]
    [InlineData(PictureOperation.ShearX)]
    [InlineData(PictureOperation.ShearY)]
    [InlineData(PictureOperation.TranslateX)]
    [InlineData(PictureOperation.TranslateY)]
    [InlineData(PictureOperation.Cutout)]
    public void Apply_OperationOnPlaces_MovesPixelsAndFillsWithGrey(PictureOperation operation)
    {
        var white = new RgbImage(40, 40, [.. Enumerable.Repeat((byte)255, 4800)]);
        var augmenter = new PictureAugmenter(new AugmentationOptions { Operations = [operation], Probability = 1, OperationsPerPicture = 8 }, 1);

        byte[] seen = augmenter.Apply(white, "w", 0).Pixels.ToArray();

        Assert.Contains((byte)128, seen);
        Assert.Contains((byte)255, seen);
    }

    [Fact]
    public void Apply_Flip_ExchangesLeftAndRightAndTwiceIsNothing()
    {
        RgbImage flipped = PlaceOperations.Flip(Picture);

        Assert.Equal(Picture.Pixels[..3], flipped.Pixels[(3 * 39)..(3 * 40)]);
        Assert.Equal(Picture.Pixels, PlaceOperations.Flip(flipped).Pixels);
    }

    [Fact]
    public void Apply_Crop_KeepsTheSizeAndShowsAPart()
    {
        // Every pixel holds its own place, so the part that is seen can be read off.
        var places = new RgbImage(100, 100, [.. Enumerable.Range(0, 10000).SelectMany(i => new[] { (byte)(i % 100), (byte)(i / 100), (byte)0 })]);
        var augmenter = new PictureAugmenter(new AugmentationOptions { Operations = [], SmallestCrop = 0.5 }, 1);
        for (int view = 0; view < 20; view++)
        {
            RgbImage seen = augmenter.Apply(places, "c", view);
            byte[] pixels = seen.Pixels.ToArray();
            double width = pixels[3 * 99] - pixels[0] + 1, height = pixels[^2] - pixels[1] + 1;

            Assert.Equal((100, 100), (seen.Width, seen.Height));
            Assert.InRange(width * height / 10000, 0.46, 1.04);
            Assert.InRange(width / height, 0.7, 1.4);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Apply_Brightness_GoesBothWaysUnlessOneIsAskedFor(bool oneDirection)
    {
        var grey = new RgbImage(2, 2, [.. Enumerable.Repeat((byte)100, 12)]);
        var augmenter = new PictureAugmenter(
            new AugmentationOptions { Operations = [PictureOperation.Brightness], OperationsPerPicture = 1, Probability = 1, OneDirection = oneDirection }, 1);

        byte[] levels = [.. Enumerable.Range(0, 60).Select(view => augmenter.Apply(grey, "g", view).Pixels[0]).Distinct().Order()];

        Assert.Equal(oneDirection ? [100, 136] : [63, 100, 136], levels);
    }

    [Fact]
    public void Mistakes_NothingOrUnknown_AreNamed()
    {
        Assert.Empty(new AugmentationOptions().Mistakes());
        Assert.Empty(AugmentationOptions.Released.Mistakes());
        Assert.Contains("changes nothing", Assert.Single(new AugmentationOptions { Operations = [] }.Mistakes()), StringComparison.Ordinal);
        Assert.Contains("unknown", Assert.Single(new AugmentationOptions { Operations = [(PictureOperation)99] }.Mistakes()), StringComparison.Ordinal);
        Assert.Contains("Level", Assert.Single(new AugmentationOptions { Level = 11 }.Mistakes()), StringComparison.Ordinal);
    }

    private static RgbImage Random(int width, int height, int seed)
    {
        byte[] pixels = new byte[3 * width * height];
        new Random(seed).NextBytes(pixels);
        return new RgbImage(width, height, pixels);
    }
}
