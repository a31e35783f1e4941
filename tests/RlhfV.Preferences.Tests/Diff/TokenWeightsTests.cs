namespace RlhfV.Preferences.Tests.Diff;

public sealed class TokenWeightsTests
{
    private static readonly int[] WithDeletion = [1, 2, 3, 4, 5, 6, 7];
    private static readonly int[] WithoutIt = [1, 2, 3, 6, 7];

    [Fact]
    public void FromTokens_Replacement_WeighsBothSides()
    {
        PairWeights weights = TokenWeights.FromTokens<int>([1, 2, 3], [1, 8, 9, 3], 5f);

        Assert.Equal([1f, 5f, 1f], weights.Rejected);
        Assert.Equal([1f, 5f, 5f, 1f], weights.Chosen);
    }

    [Theory]
    [InlineData(OneSidedEdits.Unweighted, "1111111", "11111")]
    [InlineData(OneSidedEdits.Weighted, "1115511", "11111")]
    [InlineData(OneSidedEdits.WeightedWithNeighbours, "1115511", "11551")]
    public void FromTokens_Deletion_WeighsByOption(OneSidedEdits oneSided, string rejected, string chosen)
    {
        var options = new SegmentDiffOptions { OneSided = oneSided };

        PairWeights weights = TokenWeights.FromTokens<int>(WithDeletion, WithoutIt, 5f, options);
        PairWeights mirrored = TokenWeights.FromTokens<int>(WithoutIt, WithDeletion, 5f, options);

        Assert.Equal(rejected, string.Concat(weights.Rejected));
        Assert.Equal(chosen, string.Concat(weights.Chosen));
        Assert.Equal(weights.Chosen, mirrored.Rejected);
        Assert.Equal(weights.Rejected, mirrored.Chosen);
    }

    [Fact]
    public void FromTokens_GammaOne_MakesAllEqual()
    {
        PairWeights weights = TokenWeights.FromTokens<int>([1, 2, 3], [1, 8, 9, 3], 1f);

        Assert.All([.. weights.Rejected, .. weights.Chosen], weight => Assert.Equal(1f, weight));
    }

    [Fact]
    public void FromSpans_TokensThatShareACharacter_AreWeighted()
    {
        // "A red car": tokens "A", " red", " car"; the correction covers "red" alone.
        Assert.Equal([1f, 2f, 1f], TokenWeights.FromSpans([new(2, 3)], [new(0, 1), new(1, 4), new(5, 4)], 2f));
    }

    [Fact]
    public void FromSpans_TokensThatCoverNothing_AreWeightedStrictlyInsideOnly()
    {
        Assert.Equal([1f, 2f, 2f, 1f], TokenWeights.FromSpans([new(0, 4)], [new(0, 0), new(0, 2), new(2, 0), new(4, 0)], 2f));
    }

    [Fact]
    public void FromSpans_EmptySpan_ChangesNothing() =>
        Assert.Equal([1f, 1f], TokenWeights.FromSpans([new(1, 0)], [new(0, 2), new(2, 2)], 2f));

    [Theory]
    [InlineData(OneSidedEdits.Unweighted, "11", "111")]
    [InlineData(OneSidedEdits.Weighted, "11", "151")]
    [InlineData(OneSidedEdits.WeightedWithNeighbours, "55", "151")]
    public void FromSegments_Insertion_WeighsByOption(OneSidedEdits oneSided, string rejected, string chosen)
    {
        // "A dog" and "A big dog", tokens with their leading space.
        IReadOnlyList<TextSegment> segments = SegmentDiff.Words("A dog", "A big dog");

        PairWeights weights = TokenWeights.FromSegments(
            segments, [new(0, 1), new(1, 4)], [new(0, 1), new(1, 4), new(5, 4)], 5f, oneSided);

        Assert.Equal(rejected, string.Concat(weights.Rejected));
        Assert.Equal(chosen, string.Concat(weights.Chosen));
    }

    [Fact]
    public void FromSegments_Replacement_WeighsBothSides()
    {
        PairWeights weights = TokenWeights.FromSegments(
            SegmentDiff.Words("A red car", "A blue car"),
            [new(0, 1), new(1, 4), new(5, 4)],
            [new(0, 1), new(1, 5), new(6, 4)],
            5f);

        Assert.Equal([1f, 5f, 1f], weights.Rejected);
        Assert.Equal([1f, 5f, 1f], weights.Chosen);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(-1f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void FromSpans_ImpossibleGamma_IsRefused(float gamma) =>
        Assert.Equal("gamma", Assert.Throws<ArgumentOutOfRangeException>(() => TokenWeights.FromSpans([], [], gamma)).ParamName);
}
