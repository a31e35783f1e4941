namespace RlhfV.ML.ReferenceScoring;

/// <summary>The columns that scoring adds, for their shape.</summary>
internal sealed class ReferenceRow
{
    public string Json { get; set; } = "";

    public float Chosen { get; set; }

    public float Rejected { get; set; }
}
