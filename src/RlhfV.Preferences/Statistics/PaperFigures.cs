namespace RlhfV.Preferences;

/// <summary>What the authors report of their own data (RLHF-V, CVPR 2024, section 3.1).</summary>
internal static class PaperFigures
{
    public const double ChosenWords = 64.4;
    public const double SegmentsPerExample = 2.65;

    /// <summary>Share of a type among the corrected segments, 0 to 1; null for a type that the paper does not have.</summary>
    public static double? TypeShare(string code) => code switch
    {
        "object" => 0.412,
        "position" => 0.203,
        "number" => 0.165,
        "attribute" => 0.100,
        "action" => 0.053,
        "other" => 0.068,
        _ => null,
    };
}
