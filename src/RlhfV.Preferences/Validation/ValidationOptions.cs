namespace RlhfV.Preferences;

/// <summary>What <see cref="PreferenceValidator"/> lets pass.</summary>
public sealed record ValidationOptions
{
    internal const int DefaultRewriteMinimumWords = 8;

    /// <summary>
    /// The largest part of the answers that a correction may change, 0 to 1, counted in characters of both sides. The default is 0.5: in
    /// the paper's data corrections keep the style, and answers that differ throughout teach wording instead of facts. Data of ranked
    /// answers, such as RLAIF-V, are not corrections; ignore <see cref="ValidationRule.Rewritten"/> for them.
    /// </summary>
    public double MaximumChangedShare { get; init; } = 0.5;

    /// <summary>
    /// Answers of fewer words on both sides may be rewritten wholly: "two" for "three" is a good correction. The default is 8.
    /// </summary>
    public int RewriteMinimumWords { get; init; } = DefaultRewriteMinimumWords;

    /// <summary>Rules that are not looked at. The default is none. Rows that cannot be read are problems in any case.</summary>
    public IReadOnlySet<ValidationRule> Ignored { get; init; } = new HashSet<ValidationRule>();
}
