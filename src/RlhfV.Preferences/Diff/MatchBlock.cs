namespace RlhfV.Preferences;

/// <summary>A stretch that two lists share.</summary>
/// <param name="A">Where it begins in the first list.</param>
/// <param name="B">Where it begins in the second list.</param>
/// <param name="Length">Its length in items.</param>
internal readonly record struct MatchBlock(int A, int B, int Length)
{
    public int EndA => A + Length;

    public int EndB => B + Length;
}
