namespace RlhfV.Training;

/// <summary>Where the corrected segments of an example come from.</summary>
public enum SegmentSource
{
    /// <summary>As annotated; examples without annotation are compared word by word.</summary>
    AnnotationOrDiff,

    /// <summary>Always compared word by word; annotations are not used.</summary>
    Diff,

    /// <summary>
    /// As the released code has it: the token rows of prompt, picture and answer are compared with Python's difflib, popularity rule
    /// included; annotations are not used. Insertions and deletions weigh nothing extra.
    /// </summary>
    ReleasedDiff,
}
