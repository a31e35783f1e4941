using SkiaSharp;

namespace SceneWorld.Tests.Drawing;

public class SceneRendererTests
{
    private const int Size = SceneLayout.PictureSize;

    [Fact]
    public void RenderRgb_SameScene_GivesTheSamePixels()
    {
        Scene scene = SceneGenerator.Generate(5);
        byte[] rgb = SceneRenderer.RenderRgb(scene);
        Assert.Equal(Size * Size * 3, rgb.Length);
        Assert.Equal(rgb, SceneRenderer.RenderRgb(SceneGenerator.Generate(5)));
        Assert.NotEqual(rgb, SceneRenderer.RenderRgb(SceneGenerator.Generate(6)));
    }

    [Fact]
    public void RenderPng_Decoded_HoldsTheSamePixels()
    {
        Scene scene = SceneGenerator.Generate(9);
        using SKBitmap bitmap = SKBitmap.Decode(SceneRenderer.RenderPng(scene));
        byte[] rgb = SceneRenderer.RenderRgb(scene);
        Assert.Equal((Size, Size), (bitmap.Width, bitmap.Height));
        for (int i = 0; i < Size * Size; i++)
        {
            SKColor pixel = bitmap.GetPixel(i % Size, i / Size);
            Assert.Equal((rgb[3 * i], rgb[(3 * i) + 1], rgb[(3 * i) + 2]), (pixel.Red, pixel.Green, pixel.Blue));
        }
    }

    [Fact]
    public void RenderRgb_ManyScenes_DrawsInEveryBoxAndNowhereElse()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            Scene scene = SceneGenerator.Generate(seed);
            byte[] full = SceneRenderer.RenderRgb(scene);
            byte[] empty = SceneRenderer.RenderRgb(scene with { Groups = [] });
            PixelBox[] boxes = [.. SceneLayout.BoxesOf(scene).SelectMany(group => group)];
            int[] drawn = new int[boxes.Length];
            for (int i = 0; i < Size * Size; i++)
            {
                if (full.AsSpan(3 * i, 3).SequenceEqual(empty.AsSpan(3 * i, 3)))
                {
                    continue;
                }

                // Outlines may stand two pixels over.
                var near = new PixelBox((i % Size) - 2, (i / Size) - 2, 5, 5);
                int box = Array.FindIndex(boxes, candidate => candidate.Overlap(near) > 0);
                Assert.True(box >= 0, $"scene {seed} ({scene}) draws at {i % Size}, {i / Size}");
                drawn[box]++;
            }

            Assert.All(boxes.Zip(drawn), pair => Assert.InRange(pair.Second, pair.First.Width * pair.First.Width / 6, Size * Size));
        }
    }

    [Fact]
    public void RenderRgb_EveryKindColourAndAction_LooksDifferent()
    {
        var seen = new HashSet<string>();
        int expected = 0;
        foreach (KindFacts facts in World.Kinds)
        {
            foreach (SceneColour colour in Enum.GetValues<SceneColour>())
            {
                SceneAction?[] actions = facts.IsAnimate ? [.. facts.Actions.Select(action => (SceneAction?)action)] : [null];
                foreach (SceneAction? action in actions)
                {
                    var group = new ObjectGroup(facts.Kind, 1, colour, new Place(SceneColumn.Left, SceneRow.Top), action);
                    seen.Add(Convert.ToBase64String(SceneRenderer.RenderRgb(new Scene(0, Setting.Kitchen, [group]))));
                    expected++;
                }
            }
        }

        Assert.Equal(expected, seen.Count);
    }

    [Fact]
    public void RenderRgb_EverySetting_LooksDifferent()
    {
        Setting[] settings = Enum.GetValues<Setting>();
        string[] pictures = [.. settings.Select(setting => Convert.ToBase64String(SceneRenderer.RenderRgb(new Scene(0, setting, []))))];
        Assert.Equal(settings.Length, pictures.Distinct().Count());
    }
}
