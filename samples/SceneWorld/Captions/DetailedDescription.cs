using System.Runtime.InteropServices;

namespace SceneWorld;

/// <summary>
/// The plan of a detailed description: an opening, one statement per group, what was left open about them, and how they stand to each
/// other,
/// filled up to the wanted length.
/// </summary>
internal sealed class DetailedDescription
{
    private const int MinimumWords = 40;

    private readonly Narrator _say;
    private readonly List<Belief> _open;
    private readonly List<Belief> _known = [];
    private readonly HashSet<(Belief, Belief)> _related = [];
    private readonly List<Action> _left = [];

    private DetailedDescription(Narrator narrator, IEnumerable<Belief> beliefs)
    {
        _say = narrator;
        _open = [.. beliefs];
    }

    private SceneRandom Random => _say.Random;

    /// <summary>A description of 40 to 70 words that tells everything.</summary>
    public static DescriptionPlan Plan { get; } = new(MinimumWords, 70, Tell);

    private static void Tell(Narrator narrator, IEnumerable<Belief> beliefs)
    {
        var plan = new DetailedDescription(narrator, beliefs);
        plan.Opening();
        plan.Introductions();
        plan.Remainder();
        plan.Fill();
    }

    private void Opening()
    {
        bool list = Random.Chance(0.45) && _open.Count > 2;
        switch (Random.Next(6))
        {
            case 0:
                Shot().Say("shows a").Setting();
                List(list, "with");
                break;
            case 1:
                _say.SayOne("this is a", "here is a", "this looks like a").Setting();
                List(list, "with");
                break;
            case 2:
                _say.Say("in").SayOne("this picture", "this image", "the picture", "the image").Text.Comma();
                _say.SayOne("we see a", "you can see a", "there is a").Setting();
                List(list, "with");
                break;
            case 3 when list:
                _say.Say("in this").Setting().Text.Comma();
                _say.SayOne("you can see", "we see");
                List(list, null);
                break;
            case 4:
                Shot().SayOne("was made in a", "is a view of a").Setting();
                List(list, "with");
                break;
            default:
                Shot().SayOne("shows part of a", "gives a view of a").Setting();
                List(list, "with");
                break;
        }

        _say.Stop();
    }

    private Narrator Shot() => _say.SayOne("the picture", "this picture", "the image", "this image", "the scene", "the drawing");

    private void List(bool wanted, string? head)
    {
        if (!wanted)
        {
            return;
        }

        if (head is not null)
        {
            _say.Say(head);
        }

        int items = Random.Pick(1, 2, 2);
        for (int i = 0; i < items; i++)
        {
            if (i > 0)
            {
                _say.Say("and");
            }

            Belief belief = Take();
            _say.Some(belief, ColourNow(belief));
            ActionLater(belief);
            if (Random.Chance(0.7) && belief.IsPresent)
            {
                _left.Add(() => _say.The(belief).Be(belief).Place(belief));
            }
        }
    }

    private void Introductions()
    {
        while (_open.Count > 0)
        {
            Introduce();
            if (_open.Count > 0 && Random.Chance(0.3))
            {
                _say.Text.Comma();
                _say.SayOne("and", "and", "while");
                Introduce();
            }

            _say.Stop();
        }
    }

    private void Introduce()
    {
        Belief? known = _known.Count > 0 ? Random.Pick<Belief>([.. _known]) : null;
        Belief belief = Take();
        bool colour = ColourNow(belief);
        if (belief.Group.Action is not null && Random.Chance(0.7))
        {
            IntroduceActing(belief, colour);
            return;
        }

        ActionLater(belief);
        switch (Random.Next(10))
        {
            case 0 or 1:
                _say.Say("there").Be(belief).Some(belief, colour).Place(belief);
                break;
            case 2 or 3:
                _say.Place(belief).Text.Comma();
                _say.Say("there").Be(belief).Some(belief, colour);
                break;
            case 4:
                _say.Some(belief, colour).Say("can be seen").Place(belief);
                break;
            case 5:
                _say.Some(belief, colour).Be(belief).Place(belief);
                break;
            case 6:
                _say.SayOne("you can see", "we see").Some(belief, colour).Place(belief);
                break;
            case 7:
                _say.Place(belief).SayOne("you can see", "we see").Some(belief, colour);
                break;
            case 8 when known is { IsPresent: true }:
                _related.Add((belief, known));
                _say.Say("there").Be(belief).Some(belief, colour).Relation(belief, known).The(known);
                break;
            case 9 when known is { IsPresent: true }:
                _related.Add((belief, known));
                _say.Relation(belief, known).The(known).Text.Comma();
                _say.Say("there").Be(belief).Some(belief, colour);
                break;
            default:
                _say.Say("there").Be(belief).Some(belief, colour).Place(belief);
                break;
        }
    }

    private void IntroduceActing(Belief belief, bool colour)
    {
        switch (Random.Next(4))
        {
            case 0:
                _say.Some(belief, colour).Be(belief).Action(belief).Place(belief);
                break;
            case 1:
                _say.Say("there").Be(belief).Some(belief, colour).Action(belief).Place(belief);
                break;
            case 2:
                _say.Place(belief).Text.Comma();
                _say.Some(belief, colour).Be(belief).Action(belief);
                break;
            default:
                _say.SayOne("you can see", "we see").Some(belief, colour).Action(belief).Place(belief);
                break;
        }
    }

    private void Remainder()
    {
        _left.Add(RelateTwo);
        Random.Shuffle(CollectionsMarshal.AsSpan(_left));
        for (int i = 0; i < _left.Count; i++)
        {
            _left[i]();
            if (i + 1 < _left.Count && Random.Chance(0.25))
            {
                _say.Text.Comma();
                _say.SayOne("and", "and", "while");
                _left[++i]();
            }

            _say.Stop();
        }
    }

    private void Fill()
    {
        string[] closings =
        [
            "everything is easy to see", "the picture is clear and bright", "the scene looks calm and tidy", "it is a simple drawing",
            "nothing else is going on", "the light is soft and even", "the whole scene is quiet",
        ];
        Random.Shuffle<string>(closings);
        int used = 0;
        int wish = MinimumWords + Random.Next(12);
        while (_say.Text.Words < wish && used < 2)
        {
            if (Random.Chance(0.8) && CanRelate())
            {
                RelateTwo();
            }
            else
            {
                _say.Say(closings[used++]);
            }

            _say.Stop();
        }
    }

    private void RelateTwo()
    {
        (Belief, Belief)[] pairs = [.. Pairs().Where(pair => !_related.Contains(pair))];
        (Belief first, Belief second) = Random.Pick<(Belief, Belief)>(pairs.Length > 0 ? pairs : [.. Pairs()]);
        _related.Add((first, second));
        if (Random.Chance(0.2))
        {
            _say.Relation(first, second).The(second).Text.Comma();
            _say.Say("there").Be(first).Some(first, Random.Chance(0.5));
            return;
        }

        _say.The(first, Random.Chance(0.25)).Be(first).Relation(first, second).The(second, Random.Chance(0.25));
    }

    private bool CanRelate() => Pairs().Any(pair => !_related.Contains(pair));

    private IEnumerable<(Belief, Belief)> Pairs() =>
        from first in _known
        from second in _known
        where first != second && first.IsPresent && second.IsPresent
        select (first, second);

    private Belief Take()
    {
        Belief belief = _open[0];
        _open.RemoveAt(0);
        _known.Add(belief);
        return belief;
    }

    // What is not there is told in one go: a second sentence about it would be a second mistake.
    private bool ColourNow(Belief belief)
    {
        bool now = Random.Chance(0.8);
        if (!now && belief.IsPresent && Random.Chance(0.75))
        {
            _left.Add(() => _say.The(belief).Be(belief).Colour(belief));
        }

        return now;
    }

    private void ActionLater(Belief belief)
    {
        if (belief is { IsPresent: true, Group.Action: not null })
        {
            _left.Add(() => _say.The(belief).Be(belief).Action(belief));
        }
    }
}
