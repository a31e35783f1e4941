namespace SceneWorld;

/// <summary>What a stretch of a sentence says.</summary>
internal enum PhraseKind
{
    /// <summary>An object group: "two red cups", "the cups".</summary>
    Object,

    /// <summary>A place in the picture: "at the top left".</summary>
    Place,

    /// <summary>A relation: "to the left of".</summary>
    Relation,

    /// <summary>An action: "sitting".</summary>
    Action,

    /// <summary>A colour that no noun follows: "red" in "the cup is red".</summary>
    Colour,

    /// <summary>A setting: "kitchen".</summary>
    Setting,

    /// <summary>"is" or "are".</summary>
    Verb,

    /// <summary>Comma, "and", "while".</summary>
    Separator,

    /// <summary>A known word that says nothing about the scene.</summary>
    Word,

    /// <summary>A word that the grammar does not know, or knows only as a part of something that is missing here.</summary>
    Unknown,
}
