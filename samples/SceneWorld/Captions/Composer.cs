namespace SceneWorld;

/// <summary>Forms beliefs about a scene and has them told until the length is right.</summary>
internal static class Composer
{
    // Two imagined groups at most, and no more groups in all than fit into the longest description.
    private const int MostAbsent = 2;
    private const int MostBeliefs = 6;
    private const ulong MostAttempts = 1000;

    /// <summary>Writes a description.</summary>
    /// <param name="scene">The scene.</param>
    /// <param name="seed">Chooses wording and mistakes.</param>
    /// <param name="bias">How often beliefs are wrong.</param>
    /// <param name="plan">What to tell, and how long.</param>
    /// <exception cref="ArgumentException">The scene has fewer than two groups.</exception>
    public static BiasedCaption Compose(Scene scene, long seed, BiasOptions bias, DescriptionPlan plan)
    {
        if (scene.Groups.Count < 2)
        {
            string message = $"The scene has {scene.Groups.Count} groups; a description needs two groups or more.";
            throw new ArgumentException(message, nameof(scene));
        }

        long number = SceneRandom.Combine(scene.Seed, seed);
        IReadOnlyList<Belief> beliefs = Believe(scene, bias, new SceneRandom(number, stream: 3));
        for (ulong attempt = 0; attempt < MostAttempts; attempt++)
        {
            var narrator = new Narrator(scene, new SceneRandom(number, stream: 16 + attempt), bias.Rate * bias.Position);
            plan.Tell(narrator, beliefs);
            if (narrator.Text.Words >= plan.MinimumWords && narrator.Text.Words <= plan.MaximumWords)
            {
                return narrator.Finish();
            }
        }

        throw new InvalidOperationException(
            $"No wording of {plan.MinimumWords} to {plan.MaximumWords} words found in {MostAttempts} attempts for this scene: {scene}. " +
            "The generator's scenes always have one; check a scene that was made by hand.");
    }

    private static List<Belief> Believe(Scene scene, BiasOptions bias, SceneRandom random)
    {
        var beliefs = scene.Groups.Select(group => new Belief(Misjudge(group, bias, random), group, NameFor(group.Kind, random))).ToList();
        var kinds = scene.Groups.Select(group => group.Kind).ToList();
        int present = beliefs.Count;
        for (int i = 0; i < present && beliefs.Count < Math.Min(present + MostAbsent, MostBeliefs); i++)
        {
            if (random.Chance(bias.Rate * bias.Object))
            {
                ObjectGroup imagined = Imagine(scene.Setting, kinds, random);
                kinds.Add(imagined.Kind);
                beliefs.Add(new Belief(imagined, null, NameFor(imagined.Kind, random)));
            }
        }

        Belief[] ordered = [.. beliefs];
        random.Shuffle<Belief>(ordered);
        return [.. ordered];
    }

    private static ObjectGroup Misjudge(ObjectGroup group, BiasOptions bias, SceneRandom random)
    {
        KindFacts facts = World.FactsOf(group.Kind);
        int distance = facts.Count - group.Count;
        bool farther = random.Chance(0.3);
        if (random.Chance(bias.Rate * bias.Number) && distance != 0)
        {
            int step = Math.Abs(distance) > 1 && farther ? 2 : 1;
            group = group with { Count = group.Count + (Math.Sign(distance) * step) };
        }

        if (random.Chance(bias.Rate * bias.Attribute))
        {
            group = group with { Colour = facts.Colour };
        }

        return facts.IsAnimate && random.Chance(bias.Rate * bias.Action) ? group with { Action = facts.Actions[0] } : group;
    }

    private static ObjectGroup Imagine(Setting setting, List<ObjectKind> present, SceneRandom random)
    {
        double[] expectation = World.Expectation(setting, present);
        for (int i = 0; i < expectation.Length; i++)
        {
            if (World.IsForeign((ObjectKind)i, setting))
            {
                expectation[i] = 0;
            }
        }

        KindFacts facts = World.FactsOf((ObjectKind)random.PickWeighted(expectation));
        var place = new Place((SceneColumn)random.Next(2), facts.Row);
        return new ObjectGroup(facts.Kind, facts.Count, facts.Colour, place, facts.IsAnimate ? facts.Actions[0] : null);
    }

    private static int NameFor(ObjectKind kind, SceneRandom random) => random.Chance(0.7) ? 0 : Lexicon.NamesOf(kind) - 1;
}
