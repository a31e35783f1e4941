using RlhfV.Preferences;

namespace SceneWorld;

/// <summary>A stretch of a sentence and what it says. Which fields are set depends on <see cref="Kind"/>.</summary>
internal sealed class Phrase
{
    public required PhraseKind Kind { get; init; }

    public required TextSpan Span { get; init; }

    /// <summary>The words in lower case, single spaces between.</summary>
    public required string Text { get; init; }

    /// <summary>Object: its kind.</summary>
    public ObjectKind Thing { get; init; }

    /// <summary>Object: which of the kind's names is used.</summary>
    public int Name { get; init; }

    /// <summary>Object: the noun is plural. Verb: it is "are".</summary>
    public bool Plural { get; init; }

    /// <summary>Object: the number that stands before it; null after "the" or nothing.</summary>
    public int? Count { get; init; }

    /// <summary>Object: the article or number; null when there is none.</summary>
    public TextSpan? Determiner { get; init; }

    /// <summary>Object: the noun.</summary>
    public TextSpan Noun { get; init; }

    /// <summary>Object: the colour before the noun; Colour: the colour.</summary>
    public SceneColour? Colour { get; init; }

    /// <summary>Object: where the colour stands.</summary>
    public TextSpan ColourSpan { get; init; }

    /// <summary>Place: the side, if it names one.</summary>
    public SceneColumn? Column { get; init; }

    /// <summary>Place: the height, if it names one.</summary>
    public SceneRow? Row { get; init; }

    /// <summary>Relation: which one.</summary>
    public SpatialRelation Relation { get; init; }

    /// <summary>Action: which one.</summary>
    public SceneAction Action { get; init; }

    /// <summary>Setting: which one.</summary>
    public Setting Setting { get; init; }

    /// <summary>The object that a place, relation, action, colour or verb is about; null until found.</summary>
    public Phrase? Subject { get; set; }

    /// <summary>Relation: the object after it; null until found.</summary>
    public Phrase? Other { get; set; }
}
