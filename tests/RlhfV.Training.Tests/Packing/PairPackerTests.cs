using RlhfV.Training.Examples;
using RlhfV.Training.Packing;

namespace RlhfV.Training.Tests.Packing;

public class PairPackerTests
{
    private static readonly EncodedPair Pair = new(
        "hand-made",
        new EncodedSequence([1, 10, 20, 30, 2],
            [TokenRole.Unscored, TokenRole.Unscored, TokenRole.Unchanged, TokenRole.Changed, TokenRole.Unchanged]),
        new EncodedSequence([1, 10, 20, 40, 41, 2],
            [TokenRole.Unscored, TokenRole.Unscored, TokenRole.Unchanged, TokenRole.Changed, TokenRole.Changed, TokenRole.Unchanged]),
        []);

    [Fact]
    public void Pack_OnePair_SharesTheBeginningAndRestartsPositions()
    {
        PackedBatch batch = new PairPacker().Pack([Pair]);

        Assert.Equal(3, Pair.SharedTokens);
        Assert.Equal([1, 10, 20, 30, 2, 40, 41, 2], batch.Ids);
        Assert.Equal([0, 1, 2, 3, 4, 3, 4, 5], batch.Positions);
        Assert.Equal([0, 0, 0, 1, 1, 2, 2, 2], batch.Branches);
        Assert.Equal(8, batch.Tokens);
    }

    [Fact]
    public void Pack_OnePair_ScoresEachTokenFromTheOneBeforeIt()
    {
        PackedBatch batch = new PairPacker().Pack([Pair]);

        Assert.Equal([1, 2, 3, 5, 6], batch.Predictors);
        Assert.Equal([20, 30, 2, 0, 20, 40, 41, 2], batch.Targets);
        Assert.Equal([1, 2, 3, 1, 1, 2, 5, 6], batch.PredictorOf.Select((p, i) => batch.Scored[i] > 0 ? batch.Predictors[p] : 1));
        Assert.Equal([1, 1, 1, 0, 1, 1, 1, 1], batch.Scored);
        Assert.Equal([0, 1, 0, 0, 0, 1, 1, 0], batch.Changed);
    }

    [Fact]
    public void Pack_TwoRows_KeepsWholeSequencesApart()
    {
        PackedBatch batch = new PairPacker(PairLayout.TwoRows).Pack([Pair]);

        Assert.Equal([1, 10, 20, 30, 2, 0, 1, 10, 20, 40, 41, 2], batch.Ids);
        Assert.Equal([0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0], batch.Branches);
        Assert.Equal([1, 2, 3, 7, 8, 9, 10], batch.Predictors);
    }

    [Theory]
    [InlineData(PairLayout.Packed, 2)]
    [InlineData(PairLayout.TwoRows, 4)]
    public void Pack_PairsWithPictures_ListsThemAsOftenAsTheyStand(PairLayout layout, int expected)
    {
        PackedBatch batch = new PairPacker(layout).Pack([TinyNetworks.Pair(1), TinyNetworks.Pair(2)]);

        Assert.Equal(expected, batch.Pictures.Count);
        Assert.Equal(expected * TinyNetworks.ImageTokens, batch.Ids.Count(id => id == TinyNetworks.ImageToken));
    }

    [Fact]
    public void Pack_SeveralPairs_PadsToTheLongest()
    {
        PackedBatch batch = new PairPacker().Pack([Pair, TinyNetworks.Pair(1)]);

        Assert.Equal(TinyNetworks.Pair(1).PackedLength, batch.Length);
        Assert.Equal(batch.Length - 8, batch.Branches.Take(batch.Length).Count(branch => branch == PackedBatch.PaddingBranch));
    }

    [Fact]
    public void Pack_OneAnswerBeginsTheOther_LeavesAnEmptyBranch()
    {
        var shorter = new EncodedSequence([1, 2, 3], [TokenRole.Unscored, TokenRole.Unscored, TokenRole.Unchanged]);
        var longer = new EncodedSequence([1, 2, 3, 4], [TokenRole.Unscored, TokenRole.Unscored, TokenRole.Unchanged, TokenRole.Changed]);

        PackedBatch batch = new PairPacker().Pack([new EncodedPair("prefix", shorter, longer, [])]);

        Assert.Equal([1, 2, 3, 4], batch.Ids);
        Assert.Equal([0, 0, 0, 2], batch.Branches);
        Assert.Equal([1, 2], batch.Predictors);
    }

    [Fact]
    public void Pack_NoPair_IsRefused() => Assert.Throws<ArgumentException>(() => new PairPacker().Pack([]));

    [Fact]
    public void EncodedSequence_NothingScored_IsRefused() =>
        Assert.Throws<ArgumentException>(() => new EncodedSequence([1, 2], [TokenRole.Unscored, TokenRole.Unscored]));

    [Fact]
    public void EncodedSequence_FirstTokenScored_IsRefused() =>
        Assert.Throws<ArgumentException>(() => new EncodedSequence([1, 2], [TokenRole.Unchanged, TokenRole.Unchanged]));

    [Fact]
    public void EncodedSequence_RolesMissing_IsRefused() =>
        Assert.Throws<ArgumentException>(() => new EncodedSequence([1, 2], [TokenRole.Unscored]));
}
