namespace RlhfV.Preferences;

/// <summary>What <see cref="PreferenceValidator"/> looks for.</summary>
public enum ValidationRule
{
    /// <summary>The row cannot be read: broken encoding, missing columns, an empty answer, segments outside the answers.</summary>
    Unreadable,

    /// <summary>The picture is missing, empty, of no known format, or outside the image root.</summary>
    BrokenPicture,

    /// <summary>There is no picture although the data are about pictures.</summary>
    NoPicture,

    /// <summary>The prompt is empty.</summary>
    EmptyPrompt,

    /// <summary>Chosen and rejected answer are equal: nothing can be learned.</summary>
    EqualAnswers,

    /// <summary>The id occurred before in the same data set.</summary>
    DuplicateId,

    /// <summary>The correction rewrites more of the answer than <see cref="ValidationOptions.MaximumChangedShare"/>.</summary>
    Rewritten,

    /// <summary>The annotated segments, applied to the rejected answer, do not give the chosen one.</summary>
    IncompleteSegments,

    /// <summary>A text holds tags, special tokens or role markers that templates would take for their own.</summary>
    Markup,

    /// <summary>A text holds U+FFFD: characters were lost in some conversion.</summary>
    LostCharacters,
}
