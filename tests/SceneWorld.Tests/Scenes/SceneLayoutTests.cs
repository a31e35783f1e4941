namespace SceneWorld.Tests.Scenes;

public class SceneLayoutTests
{
    [Fact]
    public void BoxesOf_ManyScenes_StayInThePictureAndApart()
    {
        var picture = new PixelBox(0, 0, SceneLayout.PictureSize, SceneLayout.PictureSize);
        for (int seed = 0; seed < 3000; seed++)
        {
            IReadOnlyList<IReadOnlyList<PixelBox>> groups = SceneLayout.BoxesOf(SceneGenerator.Generate(seed));
            PixelBox[] boxes = [.. groups.SelectMany(group => group)];
            for (int i = 0; i < boxes.Length; i++)
            {
                Assert.True(picture.Overlap(boxes[i]) == boxes[i].Width * boxes[i].Height, $"scene {seed}: {boxes[i]}");
                for (int j = 0; j < i; j++)
                {
                    PixelBox wide = new(boxes[j].X - 1, boxes[j].Y - 1, boxes[j].Width + 2, boxes[j].Height + 2);
                    Assert.True(boxes[i].Overlap(wide) == 0, $"scene {seed}: {boxes[i]} and {boxes[j]}");
                }
            }
        }
    }

    [Fact]
    public void BoxesOf_ManyScenes_AreLargeEnoughToRecognise()
    {
        for (int seed = 0; seed < 3000; seed++)
        {
            Scene scene = SceneGenerator.Generate(seed);
            IReadOnlyList<IReadOnlyList<PixelBox>> groups = SceneLayout.BoxesOf(scene);
            for (int i = 0; i < groups.Count; i++)
            {
                Assert.Equal(scene.Groups[i].Count, groups[i].Count);
                Assert.All(groups[i], box => Assert.InRange(box.Width, groups[i].Count == 1 ? 34 : 16, 45));
            }
        }
    }

    [Fact]
    public void BoxesOf_ManyScenes_ShowWhatPlacesSay()
    {
        for (int seed = 0; seed < 3000; seed++)
        {
            Scene scene = SceneGenerator.Generate(seed);
            (Place Place, double X, double Y)[] middles =
            [
                .. scene.Groups.Zip(SceneLayout.BoxesOf(scene), (group, boxes) =>
                    (group.Place, boxes.Average(box => box.X + (box.Width / 2.0)), boxes.Average(box => box.Y + (box.Height / 2.0)))),
            ];
            foreach ((Place place, double x, double y) in middles)
            {
                Assert.Equal(place.Column == SceneColumn.Left, x < SceneLayout.PictureSize / 2);
                var lower = middles.Where(other => place.Is(SpatialRelation.Above, other.Place));
                Assert.All(lower, other => Assert.True(y + 4 < other.Y, $"scene {seed}"));
            }
        }
    }
}
