using RlhfV.Preferences;

namespace SceneWorld;

/// <summary>
/// Says single things about believed groups and notes every stretch that is not true of the scene. Sentences are put together
/// in <see cref="DetailedDescription"/> and <see cref="ShortDescription"/>.
/// </summary>
internal sealed class Narrator
{
    private readonly Scene _scene;
    private readonly double _misplace;
    private readonly List<(TextSpan Span, HallucinationType Type, string Truth)> _mistakes = [];

    /// <summary>Makes a narrator.</summary>
    /// <param name="scene">The truth.</param>
    /// <param name="random">Where chance comes from.</param>
    /// <param name="misplace">Probability that a place or relation is told the wrong way round.</param>
    public Narrator(Scene scene, SceneRandom random, double misplace)
    {
        _scene = scene;
        _misplace = misplace;
        Random = random;
    }

    /// <summary>Where chance comes from.</summary>
    public SceneRandom Random { get; }

    /// <summary>The text so far.</summary>
    public CaptionText Text { get; } = new();

    /// <summary>Says plain words.</summary>
    public Narrator Say(string words)
    {
        Text.Add(words);
        return this;
    }

    /// <summary>Says one of several wordings.</summary>
    public Narrator SayOne(params ReadOnlySpan<string> wordings) => Say(Random.Pick(wordings));

    /// <summary>Says the setting's name.</summary>
    public Narrator Setting()
    {
        IReadOnlyList<string> names = Lexicon.Names(_scene.Setting);
        return Say(names[Random.Chance(0.75) ? 0 : names.Count - 1]);
    }

    /// <summary>Says the group with its number: "two red cups".</summary>
    public Narrator Some(Belief belief, bool colour)
    {
        ObjectGroup group = belief.Group;
        string noun = Lexicon.Noun(group.Kind, group.Count > 1, belief.Name);
        string colourWord = Lexicon.Word(group.Colour);
        string number = group.Count > 1 || Random.Chance(0.15) ? Lexicon.Word(group.Count) : Lexicon.Article(colour ? colourWord : noun);
        TextSpan numberSpan = Text.Add(number);
        if (belief.Truth is not { } truth)
        {
            if (colour)
            {
                Text.Add(colourWord);
            }

            TextSpan last = Text.Add(noun);
            Note(numberSpan with { Length = last.End - numberSpan.Start }, HallucinationType.Object, "");
            return this;
        }

        if (truth.Count != group.Count)
        {
            Note(numberSpan, HallucinationType.Number, Lexicon.Word(truth.Count));
        }

        if (colour)
        {
            ColourWord(truth, colourWord);
        }

        Text.Add(noun);
        return this;
    }

    /// <summary>Says the group as known: "the cups", or "the red cups".</summary>
    public Narrator The(Belief belief, bool colour = false)
    {
        ObjectGroup group = belief.Group;
        string noun = Lexicon.Noun(group.Kind, group.Count > 1, belief.Name);
        TextSpan article = Text.Add("the");
        if (belief.Truth is not { } truth)
        {
            TextSpan end = Text.Add(noun);
            Note(article with { Length = end.End - article.Start }, HallucinationType.Object, "");
            return this;
        }

        if (colour)
        {
            ColourWord(truth, Lexicon.Word(group.Colour));
        }

        TextSpan span = Text.Add(noun);
        if ((truth.Count > 1) != (group.Count > 1))
        {
            Note(span, HallucinationType.Number, Lexicon.Noun(group.Kind, truth.Count > 1, belief.Name));
        }

        return this;
    }

    /// <summary>Says "is" or "are".</summary>
    public Narrator Be(Belief belief) => Say(Lexicon.Be(belief.Group.Count));

    /// <summary>Says the colour as a statement's end: "red".</summary>
    public Narrator Colour(Belief belief)
    {
        ColourWord(belief.Truth, Lexicon.Word(belief.Group.Colour));
        return this;
    }

    /// <summary>Says the action: "sitting".</summary>
    public Narrator Action(Belief belief)
    {
        string word = Lexicon.Word(belief.Group.Action!.Value);
        TextSpan span = Text.Add(word);
        if (belief.Truth is { Action: { } real } && real != belief.Group.Action)
        {
            Note(span, HallucinationType.Action, Lexicon.Word(real));
        }

        return this;
    }

    /// <summary>Says where the group is: "on the left", "at the top right", "in the middle".</summary>
    public Narrator Place(Belief belief)
    {
        (SceneColumn column, SceneRow row) = belief.Group.Place;
        (bool side, bool height) = Random.Next(20) switch
        {
            < 9 => (true, false),
            < 16 => (true, row != SceneRow.Middle),
            _ => (false, true),
        };
        if (Random.Chance(_misplace))
        {
            if (side && (!height || Random.Chance(0.6)))
            {
                column = column == SceneColumn.Left ? SceneColumn.Right : SceneColumn.Left;
            }
            else
            {
                row = row == SceneRow.Top ? SceneRow.Bottom : SceneRow.Top;
            }
        }

        string words = PlaceWords(side ? column : null, height ? row : null);
        TextSpan span = Text.Add(words);
        if (belief.Truth is { Place: var real } && ((side && column != real.Column) || (height && row != real.Row)))
        {
            Note(span, HallucinationType.Position, PlaceTruth(real));
        }

        return this;
    }

    /// <summary>Says how a group stands to another: "to the left of". The other must be said next.</summary>
    public Narrator Relation(Belief subject, Belief other)
    {
        Place here = subject.Group.Place, there = other.Group.Place;
        SpatialRelation[] relations = [.. Enum.GetValues<SpatialRelation>().Where(relation => here.Is(relation, there))];
        SpatialRelation said = relations.Length == 0 ? SpatialRelation.LeftOf : Random.Pick<SpatialRelation>(relations);
        SpatialRelation right = said;
        if (Random.Chance(_misplace))
        {
            said = Opposite(said);
        }

        string words = (said, Random.Chance(0.3)) switch
        {
            (SpatialRelation.Above, true) => "over",
            (SpatialRelation.Below, true) => "under",
            _ => Lexicon.Words(said),
        };
        TextSpan span = Text.Add(words);
        if (subject.IsPresent && other.IsPresent && !here.Is(said, there))
        {
            Note(span, HallucinationType.Position, Lexicon.Words(right));
        }

        return this;
    }

    /// <summary>Ends the sentence.</summary>
    public void Stop() => Text.Stop();

    /// <summary>The text and what in it is not true.</summary>
    public BiasedCaption Finish()
    {
        string text = Text.ToString();
        return new BiasedCaption(text, [.. _mistakes.Select(noted => new HallucinatedSegment(
            noted.Span, noted.Type, text.Substring(noted.Span.Start, noted.Span.Length), noted.Truth))]);
    }

    internal static SpatialRelation Opposite(SpatialRelation relation) => relation switch
    {
        SpatialRelation.LeftOf => SpatialRelation.RightOf,
        SpatialRelation.RightOf => SpatialRelation.LeftOf,
        SpatialRelation.Above => SpatialRelation.Below,
        _ => SpatialRelation.Above,
    };

    internal static string PlaceTruth(Place place) => place.Row == SceneRow.Middle
        ? $"in the middle on the {Lexicon.Word(place.Column)}"
        : $"at the {Lexicon.Word(place.Row)} {Lexicon.Word(place.Column)}";

    private string PlaceWords(SceneColumn? column, SceneRow? row) => (column, row) switch
    {
        ({ } side, null) => Random.Next(6) switch
        {
            < 3 => $"on the {Lexicon.Word(side)}",
            < 5 => $"on the {Lexicon.Word(side)} side",
            _ => $"on the {Lexicon.Word(side)} side of the picture",
        },
        ({ } side, { } height) => Random.Chance(0.6)
            ? $"at the {Lexicon.Word(height)} {Lexicon.Word(side)}"
            : $"in the {Lexicon.Word(height)} {Lexicon.Word(side)} corner",
        (null, SceneRow.Middle) => "in the middle",
        (null, { } height) => $"at the {Lexicon.Word(height)}",
        _ => throw new InvalidOperationException("A place needs a side or a height."),
    };

    private void ColourWord(ObjectGroup? truth, string word)
    {
        TextSpan span = Text.Add(word);
        if (truth is not null && Lexicon.Word(truth.Colour) != word)
        {
            Note(span, HallucinationType.Attribute, Lexicon.Word(truth.Colour));
        }
    }

    private void Note(TextSpan span, HallucinationType type, string truth) => _mistakes.Add((span, type, truth));
}
