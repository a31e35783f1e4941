namespace RlhfV.Evaluation;

/// <summary>Mistakes by their cause (HallusionBench, section 4: language hallucination, visual illusion, mixed).</summary>
/// <param name="Language">Language hallucination: the model says what it believes anyway and pays the picture no heed.</param>
/// <param name="Vision">Visual illusion: the model misreads the picture.</param>
/// <param name="Mixed">Either or both.</param>
/// <param name="Undetermined">
/// The answer to the question on figure 0, or the comparison with it, is missing. The published script stops there.
/// </param>
public readonly record struct HallusionCauses(int Language, int Vision, int Mixed, int Undetermined)
{
    /// <summary>All mistakes.</summary>
    public int Total => Language + Vision + Mixed + Undetermined;

    internal static HallusionCauses Of(IEnumerable<HallusionCause> causes)
    {
        ILookup<HallusionCause, HallusionCause> by = causes.ToLookup(cause => cause);
        return new(
            by[HallusionCause.Language].Count(), by[HallusionCause.Vision].Count(), by[HallusionCause.Mixed].Count(),
            by[HallusionCause.Undetermined].Count());
    }
}
