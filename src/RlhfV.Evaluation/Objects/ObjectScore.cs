namespace RlhfV.Evaluation;

/// <summary>One response held against its picture: which objects it names and which of them are not there.</summary>
public sealed record ObjectScore
{
    /// <summary>The answer as the tool wrote it.</summary>
    public required ModelAnswer Answer { get; init; }

    /// <summary>The text that was read: the answer, trimmed as the benchmark asks.</summary>
    public required string Response { get; init; }

    /// <summary>The words that were looked up, in base form: of the text, or of the list that a judge made of it.</summary>
    public required IReadOnlyList<string> Words { get; init; }

    /// <summary>The objects the response names.</summary>
    public required IReadOnlyList<ObjectMention> Mentions { get; init; }

    /// <summary>The classes the picture shows.</summary>
    public required IReadOnlySet<string> Truth { get; init; }

    /// <summary>The mentions whose class the picture does not show.</summary>
    public IEnumerable<ObjectMention> Hallucinated => Mentions.Where(mention => !Truth.Contains(mention.Class));

    /// <summary>True when at least one mention is hallucinated.</summary>
    public bool IsHallucinated => Hallucinated.Any();

    /// <summary>Number of different classes that the response names and the picture shows.</summary>
    public int CorrectClasses => Mentions.Select(mention => mention.Class).Where(Truth.Contains).Distinct(StringComparer.Ordinal).Count();

    /// <summary>Share of mentions that are hallucinated; zero when nothing is named, as the scripts have it.</summary>
    public double MentionRate => Mentions.Count == 0 ? 0 : (double)Hallucinated.Count() / Mentions.Count;

    /// <summary>Share of the picture's classes that the response names; zero when the picture shows none, as the scripts have it.</summary>
    public double Recall => Truth.Count == 0 ? 0 : (double)CorrectClasses / Truth.Count;
}
