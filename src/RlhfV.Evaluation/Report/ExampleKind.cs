namespace RlhfV.Evaluation;

/// <summary>What alignment did to an item that a report shows.</summary>
internal enum ExampleKind
{
    /// <summary>Fewer hallucinated segments than before.</summary>
    Improved,

    /// <summary>More hallucinated segments than before.</summary>
    Worse,

    /// <summary>As many as before, one or more.</summary>
    Unchanged,

    /// <summary>None before and none after.</summary>
    Faithful,
}
