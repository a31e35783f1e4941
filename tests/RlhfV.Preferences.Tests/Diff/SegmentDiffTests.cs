namespace RlhfV.Preferences.Tests.Diff;

public sealed class SegmentDiffTests
{
    [Fact]
    public void Tokens_OneReplacement_GivesOneSegment() =>
        Assert.Equal([Segment(2, 1, 2, 2)], SegmentDiff.Tokens<int>([1, 2, 3, 4, 5], [1, 2, 8, 9, 4, 5]));

    [Fact]
    public void Tokens_EqualAnswers_GiveNothing() => Assert.Empty(SegmentDiff.Tokens<int>([1, 2], [1, 2]));

    [Fact]
    public void Tokens_Empty_GiveNothing() => Assert.Empty(SegmentDiff.Tokens<int>([], []));

    [Fact]
    public void Tokens_OneSideEmpty_GivesAOneSidedSegment() => Assert.Equal([Segment(0, 2, 0, 0)], SegmentDiff.Tokens<int>([1, 2], []));

    [Fact]
    public void Tokens_ShortIslandBetweenEdits_JoinsThem() =>
        Assert.Equal([Segment(1, 4, 1, 4)], SegmentDiff.Tokens<int>([1, 2, 5, 6, 3, 7], [1, 8, 5, 6, 9, 7]));

    [Fact]
    public void Tokens_IslandOfMinimumLength_SeparatesThem() => Assert.Equal(
        [Segment(1, 1, 1, 1), Segment(4, 1, 4, 1)],
        SegmentDiff.Tokens<int>([1, 2, 5, 6, 3, 7], [1, 8, 5, 6, 9, 7], new SegmentDiffOptions { MinimumMatch = 2 }));

    [Fact]
    public void Tokens_ShortCommonBeginning_CountsInDeterministicModeOnly()
    {
        int[] rejected = [1, 2], chosen = [1, 3];

        Assert.Equal([Segment(1, 1, 1, 1)], SegmentDiff.Tokens<int>(rejected, chosen));
        Assert.Equal(
            [Segment(0, 2, 0, 2)],
            SegmentDiff.Tokens<int>(rejected, chosen, new SegmentDiffOptions { Mode = SegmentDiffMode.ReferenceCompatible }));
    }

    [Fact]
    public void Tokens_PadsOfTheBatch_ChangeTheReferenceOnly()
    {
        // A deletion at the end: with padding on the shorter side alone the reference sees a replacement.
        int[] rejected = [1, 2, 3, 4, 5, 6, 7], chosen = [1, 2, 3, 4, 5, 0, 0];
        var reference = new SegmentDiffOptions { Mode = SegmentDiffMode.ReferenceCompatible };

        Assert.True(Assert.Single(SegmentDiff.Tokens<int>(rejected, chosen, reference)).IsReplacement);
        Assert.False(Assert.Single(SegmentDiff.Tokens<int>(rejected, chosen.AsSpan(0, 5), reference)).IsReplacement);
        Assert.False(Assert.Single(SegmentDiff.Tokens<int>(rejected, chosen.AsSpan(0, 5))).IsReplacement);
    }

    [Fact]
    public void Tokens_LongIds_Work() => Assert.Equal([Segment(1, 1, 1, 1)], SegmentDiff.Tokens<long>([1, 2, 3], [1, 9, 3]));

    [Theory]
    [InlineData("A red car.", "A blue car.", "red>blue")]
    [InlineData("A dog.", "A big dog.", "> big")]
    [InlineData("A big dog.", "A dog.", " big>")]
    [InlineData("It is red. It is big.", "It is red.", " It is big.>")]
    [InlineData("There is a lamp. A dog sits.", "A dog sits.", "There is a lamp. >")]
    [InlineData("two  cups", "two cups", " >")]
    [InlineData("a total of nine people", "at least six people", "a total of nine>at least six")]
    [InlineData("It isn't red", "It is red", "isn't>is")]
    [InlineData("图中有两只狗", "图中有三只狗", "两>三")]
    [InlineData("left of the cup", "right of the cup", "left>right")]
    [InlineData("so 🙂!", "so 🙁!", "🙂>🙁")]
    [InlineData("", "", "")]
    [InlineData("", "new", ">new")]
    public void Words_OneEdit_CoversWhatChanged(string rejected, string chosen, string expected)
    {
        IReadOnlyList<TextSegment> segments = SegmentDiff.Words(rejected, chosen);

        Assert.Equal(expected, string.Join('|', segments.Select(s =>
            $"{rejected.Substring(s.Rejected.Start, s.Rejected.Length)}>{chosen.Substring(s.Chosen.Start, s.Chosen.Length)}")));
    }

    [Fact]
    public void Words_MinimumMatchOne_KeepsEditsApart()
    {
        const string Rejected = "a red car and two dogs here", Chosen = "a blue car and three dogs here";

        Assert.Equal(2, SegmentDiff.Words(Rejected, Chosen, new SegmentDiffOptions { MinimumMatch = 1 }).Count);
        Assert.Single(SegmentDiff.Words(Rejected, Chosen));
    }

    [Fact]
    public void Segments_AnnotatedExample_TakesTheAnnotation()
    {
        PreferenceExample example = Samples.Example();

        Assert.Equal(example.Segments.Select(s => new TextSegment(s.Rejected, s.Chosen)), SegmentDiff.Segments(example));
        Assert.Equal(
            SegmentDiff.Words(example.Rejected, example.Chosen),
            SegmentDiff.Segments(example with { Segments = [] }));
    }

    [Fact]
    public void Apply_OverlappingSegments_NamesThem()
    {
        TextSegment segment = new(new(0, 3), new(0, 1));

        var error = Assert.Throws<ArgumentException>(() => SegmentDiff.Apply("abcdef", "xyz", [segment, segment]));

        Assert.Equal("segments", error.ParamName);
    }

    [Fact]
    public void Tokens_ReferenceModeWithWeightedDeletions_IsRefused()
    {
        var options = new SegmentDiffOptions { Mode = SegmentDiffMode.ReferenceCompatible, OneSided = OneSidedEdits.Weighted };

        Assert.Equal("options", Assert.Throws<ArgumentException>(() => SegmentDiff.Tokens<int>([1], [2], options)).ParamName);
    }

    [Fact]
    public void MinimumMatch_BelowOne_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new SegmentDiffOptions { MinimumMatch = 0 });

    private static TokenSegment Segment(int rejected, int rejectedLength, int chosen, int chosenLength) =>
        new(new(rejected, rejectedLength), new(chosen, chosenLength));
}
