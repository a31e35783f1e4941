namespace SceneWorld;

/// <summary>Asks short questions about scenes and answers them truly: an easier lesson than a whole description.</summary>
public static class QuestionWriter
{
    /// <summary>Makes a question and its answer.</summary>
    /// <param name="scene">The scene.</param>
    /// <param name="seed">Chooses question, group and wording.</param>
    public static SceneQuestion Write(Scene scene, long seed)
    {
        var random = new SceneRandom(SceneRandom.Combine(scene.Seed, seed), stream: 4);
        var say = new Narrator(scene, random, misplace: 0);
        ObjectGroup group = random.Pick<ObjectGroup>([.. scene.Groups]);
        var belief = new Belief(group, group, 0);
        bool many = group.Count > 1;
        string noun = Lexicon.Noun(group.Kind, many);
        string prompt;
        switch (random.Next(7))
        {
            case 0:
                prompt = "What place is this?";
                say.Say("this is a").Setting();
                break;
            case 1:
                prompt = $"How many {Lexicon.Noun(group.Kind, plural: true)} are there?";
                say.Say("there").Be(belief).Some(belief, colour: false);
                break;
            case 2:
                prompt = $"What colour {Lexicon.Be(group.Count)} the {noun}?";
                say.The(belief).Be(belief).Colour(belief);
                break;
            case 3:
                prompt = $"Where {Lexicon.Be(group.Count)} the {noun}?";
                say.The(belief).Be(belief).Place(belief);
                break;
            case 4 when group.Action is not null:
                prompt = $"What {Lexicon.Be(group.Count)} the {noun} doing?";
                say.The(belief).Be(belief).Action(belief);
                break;
            case 5:
                prompt = "What can you see?";
                Enumerate(say, scene.Groups);
                break;
            default:
                prompt = $"What is on the {Lexicon.Word(group.Place.Column)}?";
                Enumerate(say, [.. scene.Groups.Where(other => other.Place.Column == group.Place.Column)]);
                break;
        }

        say.Stop();
        return new SceneQuestion(prompt, say.Text.ToString());
    }

    private static void Enumerate(Narrator say, IReadOnlyList<ObjectGroup> groups)
    {
        for (int i = 0; i < groups.Count; i++)
        {
            if (i > 0 && i == groups.Count - 1)
            {
                say.Say("and");
            }
            else if (i > 0)
            {
                say.Text.Comma();
            }

            say.Some(new Belief(groups[i], groups[i], 0), colour: true);
        }
    }
}
