namespace SceneWorld.Tests.Scenes;

public class SceneTruthTests
{
    [Fact]
    public void Of_ManyScenes_ShowsEveryGroup()
    {
        for (int seed = 0; seed < 1000; seed++)
        {
            Scene scene = SceneGenerator.Generate(seed);
            var truth = SceneTruth.Of(scene);
            Assert.Equal(scene.Groups.Sum(group => group.Count), truth.KindCounts.Sum());
            Assert.Equal(scene.Groups.Count, truth.CellAnchors.Count(anchor => anchor));
            Assert.Equal(scene.Groups.Count, truth.KindPlaces.Count(place => place > 0));
            foreach (ObjectGroup group in scene.Groups)
            {
                int[] cells = [.. Enumerable.Range(0, 49).Where(cell => truth.CellKinds[cell] == 1 + (int)group.Kind)];
                Assert.NotEmpty(cells);
                Assert.All(cells, cell => Assert.Equal(1 + (int)group.Colour, truth.CellColours[cell]));
                Assert.All(cells, cell => Assert.Equal(group.Action is { } action ? 1 + (int)action : 0, truth.CellActions[cell]));
                Assert.Contains(cells, cell => truth.CellAnchors[cell]);
                Assert.Equal(group.Count, truth.KindCounts[(int)group.Kind]);
                Assert.Equal(1 + (3 * (int)group.Place.Column) + (int)group.Place.Row, truth.KindPlaces[(int)group.Kind]);
            }
        }
    }
}
