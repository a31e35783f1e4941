namespace SceneWorld;

/// <summary>The plan of a short description: one or two groups in one sentence.</summary>
internal static class ShortDescription
{
    /// <summary>A description of 8 to 20 words.</summary>
    public static DescriptionPlan Plan { get; } = new(8, 20, Tell);

    private static void Tell(Narrator say, IReadOnlyList<Belief> beliefs)
    {
        SceneRandom random = say.Random;
        int first = random.Next(beliefs.Count);
        Belief one = beliefs[first];
        Belief two = beliefs[(first + 1 + random.Next(beliefs.Count - 1)) % beliefs.Count];
        switch (random.Next(6))
        {
            case 0:
                say.Some(one, true).Be(one).Relation(one, two).Some(two, true);
                break;
            case 1:
                say.SayOne("this is a", "the picture shows a").Setting().Say("with").Some(one, true).Say("and").Some(two, true);
                break;
            case 2:
                say.Say("there").Be(one).Some(one, true).Place(one);
                break;
            case 3:
                say.Place(one).Text.Comma();
                say.Say("there").Be(one).Some(one, true);
                break;
            default:
                Statement(say, one);
                say.Text.Comma();
                say.Say("and");
                Statement(say, two);
                break;
        }

        say.Stop();
    }

    private static void Statement(Narrator say, Belief belief)
    {
        say.Some(belief, true).Be(belief);
        if (belief.Group.Action is not null)
        {
            say.Action(belief);
        }

        say.Place(belief);
    }
}
