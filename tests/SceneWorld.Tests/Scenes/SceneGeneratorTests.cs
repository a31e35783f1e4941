namespace SceneWorld.Tests.Scenes;

public class SceneGeneratorTests
{
    [Theory]
    [InlineData(
        0,
        "Kitchen: 3 Green Pot @Top-Right, 2 Yellow Plate @Bottom-Left, 1 White Kettle @Top-Left, 2 Blue Cup @Middle-Left, " +
        "4 Green Book @Bottom-Right")]
    [InlineData(
        1,
        "LivingRoom: 3 Purple Bird Flying @Top-Right, 2 Purple Person Standing @Bottom-Right, 4 Green Book @Bottom-Left, " +
        "2 Yellow Lamp @Top-Left")]
    [InlineData(
        123456789,
        "LivingRoom: 1 Orange Clock @Top-Right, 2 Green Book @Bottom-Right, 1 Blue Sofa @Top-Left, 2 Orange Television @Bottom-Left")]
    [InlineData(-5, "Street: 1 White Pot @Top-Left, 2 Orange Car @Bottom-Left, 1 Black Bicycle @Top-Right, 1 Yellow Bus @Bottom-Right")]
    public void Generate_KnownSeed_GivesTheStoredScene(long seed, string expected) =>
        Assert.Equal(expected, SceneGenerator.Generate(seed).ToString());

    [Fact]
    public void Generate_SameSeedTwice_GivesEqualScenes()
    {
        Assert.Equal(SceneGenerator.Generate(77), SceneGenerator.Generate(77));
        Assert.NotEqual(SceneGenerator.Generate(77), SceneGenerator.Generate(78));
    }

    [Fact]
    public void Generate_ManySeeds_KeepsTheRulesOfTheWorld()
    {
        foreach (Scene scene in Scenes(3000))
        {
            Assert.InRange(scene.Groups.Count, 2, 5);
            Assert.Equal(scene.Groups.Count, scene.Groups.Select(group => group.Kind).Distinct().Count());
            Assert.Equal(scene.Groups.Count, scene.Groups.Select(group => group.Place).Distinct().Count());
            foreach (ObjectGroup group in scene.Groups)
            {
                KindFacts facts = World.FactsOf(group.Kind);
                Assert.InRange(group.Count, 1, 4);
                Assert.Equal(facts.IsAnimate, group.Action is not null);
                Assert.True(group.Action is null || facts.Actions.Contains(group.Action.Value));
            }
        }
    }

    [Fact]
    public void Generate_ManySeeds_UsesEverythingThereIs()
    {
        ObjectGroup[] groups = [.. Scenes(3000).SelectMany(scene => scene.Groups)];
        Assert.Equal(World.KindCount, groups.Select(group => group.Kind).Distinct().Count());
        Assert.Equal(8, groups.Select(group => group.Colour).Distinct().Count());
        Assert.Equal(4, groups.Select(group => group.Count).Distinct().Count());
        Assert.Equal(6, groups.Select(group => group.Place).Distinct().Count());
        Assert.Equal(7, groups.Select(group => group.Action).OfType<SceneAction>().Distinct().Count());
        Assert.True(World.KindCount >= 24);
    }

    [Fact]
    public void Generate_ManySeeds_PairsAreUsualButNotCertain()
    {
        Scene[] scenes = [.. Scenes(8000)];
        foreach (KindFacts facts in World.Kinds.Where(facts => facts.Home is not null))
        {
            Scene[] with = [.. scenes.Where(scene => scene.Setting == facts.Home && scene.Find(facts.Kind) is not null)];
            foreach (ObjectKind partner in facts.Partners)
            {
                double together = with.Count(scene => scene.Find(partner) is not null) / (double)with.Length;
                Assert.InRange(together, 0.2, 0.75);
            }
        }
    }

    [Fact]
    public void Generate_ManySeeds_HoldsSomeUnusualKinds()
    {
        (Scene Scene, ObjectGroup Group)[] all = [.. Scenes(3000).SelectMany(scene => scene.Groups.Select(group => (scene, group)))];
        double foreign = all.Count(pair => World.IsForeign(pair.Group.Kind, pair.Scene.Setting)) / (double)all.Length;
        Assert.InRange(foreign, 0.07, 0.14);
    }

    private static IEnumerable<Scene> Scenes(int count) => Enumerable.Range(0, count).Select(seed => SceneGenerator.Generate(seed));
}
