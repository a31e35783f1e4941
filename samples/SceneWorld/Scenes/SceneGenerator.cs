namespace SceneWorld;

/// <summary>Makes scenes from numbers: equal numbers give equal scenes on every machine.</summary>
public static class SceneGenerator
{
    private const double UsualCount = 0.5;
    private const double UsualColour = 0.4;
    private const double UsualAction = 0.45;
    private const double UsualRow = 0.65;
    private static readonly double[] GroupCounts = [0, 0, 0.2, 0.35, 0.33, 0.12];
    private static readonly double[] OtherCounts = [0, 0.4, 0.3, 0.2, 0.15];

    /// <summary>Makes the scene of a number.</summary>
    /// <param name="seed">Any number. Training and evaluation use separate ranges.</param>
    public static Scene Generate(long seed)
    {
        var random = new SceneRandom(seed, stream: 1);
        var setting = (Setting)random.Next(Enum.GetValues<Setting>().Length);
        int groups = random.PickWeighted(GroupCounts);
        var kinds = new List<ObjectKind>(groups);
        while (kinds.Count < groups)
        {
            kinds.Add((ObjectKind)random.PickWeighted(World.Expectation(setting, kinds)));
        }

        ObjectGroup[] placed = [.. kinds.Select(kind => Furnish(kind, random))];
        ScenePlacement.Assign(placed, UsualRow, random);
        random.Shuffle<ObjectGroup>(placed);
        return new Scene(seed, setting, placed);
    }

    private static ObjectGroup Furnish(ObjectKind kind, SceneRandom random)
    {
        KindFacts facts = World.FactsOf(kind);
        int count = random.Chance(UsualCount) ? facts.Count : random.PickWeighted(OtherCounts);
        SceneColour colour = random.Chance(UsualColour) ? facts.Colour : (SceneColour)random.Next(Enum.GetValues<SceneColour>().Length);
        SceneAction? action = null;
        if (facts.IsAnimate)
        {
            action = random.Chance(UsualAction) ? facts.Actions[0] : facts.Actions[random.Next(facts.Actions.Count)];
        }

        return new ObjectGroup(kind, count, colour, default, action);
    }
}
