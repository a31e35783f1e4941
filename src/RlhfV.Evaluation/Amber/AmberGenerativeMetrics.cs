namespace RlhfV.Evaluation;

/// <summary>AMBER's figures on descriptions, as shares from 0 to 1.</summary>
public sealed class AmberGenerativeMetrics
{
    private const int One = 0, Nouns = 1, Wrong = 2, Truth = 3, Covered = 4, Targets = 5, Hit = 6, Hallucinating = 7, Columns = 8;

    private AmberGenerativeMetrics()
    {
    }

    /// <summary>CHAIR: hallucinated nouns / nouns that count.</summary>
    public RatioEstimate Chair { get; private init; }

    /// <summary>Cover: named objects / objects shown; higher is better.</summary>
    public RatioEstimate Cover { get; private init; }

    /// <summary>Hal: descriptions with a hallucinated noun / descriptions.</summary>
    public RatioEstimate Hal { get; private init; }

    /// <summary>Cog: imagined objects that models tend to imagine / such objects; lower is better.</summary>
    public RatioEstimate Cog { get; private init; }

    internal static AmberGenerativeMetrics Of(IReadOnlyList<AmberDescription> descriptions, BootstrapOptions? bootstrap)
    {
        var table = new ItemTable(descriptions.Count, Columns);
        for (int i = 0; i < descriptions.Count; i++)
        {
            AmberDescription description = descriptions[i];
            Span<double> row = table.Row(i);
            row[One] = 1;
            row[Nouns] = description.Nouns.Count;
            row[Wrong] = description.Hallucinated.Count;
            row[Truth] = description.Item.Truth.Count;
            row[Covered] = description.Covered;
            row[Targets] = description.Item.Targets.Count;
            row[Hit] = description.TargetsHit;
            row[Hallucinating] = description.Hallucinated.Count > 0 ? 1 : 0;
        }

        var resampled = new Bootstrap(table, bootstrap ?? BootstrapOptions.Default);
        return new()
        {
            Chair = resampled.Share(Wrong, Nouns),
            Cover = resampled.Share(Covered, Truth),
            Hal = resampled.Share(Hallucinating, One),
            Cog = resampled.Share(Hit, Targets),
        };
    }
}
