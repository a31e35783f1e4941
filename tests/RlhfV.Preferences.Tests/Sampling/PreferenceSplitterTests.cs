using FsCheck.Xunit;

namespace RlhfV.Preferences.Tests.Sampling;

public sealed class PreferenceSplitterTests
{
    [Fact]
    public void Assign_PairsOfOnePicture_GoTogether()
    {
        var splitter = new PreferenceSplitter(1, 0.5, 0.5);

        Assert.Single(Enumerable.Range(0, 50).Select(i => splitter.Assign(Samples.Example(i))).Distinct()); // one picture under fifty names
    }

    [Fact]
    public void Part_ManyPictures_ComeCloseToTheShares()
    {
        var splitter = new PreferenceSplitter(7, 0.8, 0.1, 0.1);
        PreferenceExample[] examples = [.. Enumerable.Range(0, 5000).Select(WithOwnPicture)];

        int[] sizes = [.. Enumerable.Range(0, 3).Select(part => splitter.Part(examples, part).Count())];

        Assert.Equal(5000, sizes.Sum());
        Assert.InRange(sizes[0], 3900, 4100);
        Assert.InRange(sizes[1], 430, 570);
    }

    [Fact]
    public void Assign_KnownExample_StaysWhereItIs()
    {
        // The assignment is a promise to people who compare runs: it must not change between versions or machines.
        var splitter = new PreferenceSplitter(42, 0.5, 0.5);

        Assert.Equal("1001000111", string.Concat(Enumerable.Range(0, 10).Select(i => splitter.Assign(WithOwnPicture(i)))));
    }

    [Property(MaxTest = 200)]
    public bool Assign_OtherSeeds_StayInRange(int seed, int index) =>
        new PreferenceSplitter(seed, 0.9, 0.1).Assign(WithOwnPicture(index)) is 0 or 1;

    [Fact]
    public void Assign_WithoutPicture_GoesByPrompt()
    {
        var splitter = new PreferenceSplitter(3, 0.5, 0.5);
        PreferenceExample example = Samples.Example() with { Image = null };

        Assert.Equal(splitter.Assign(example), splitter.Assign(example with { Chosen = "other" }));
        Assert.Equal(2, Enumerable.Range(0, 50).Select(i => splitter.Assign(Samples.Example(i) with { Image = null })).Distinct().Count());
    }

    [Theory]
    [InlineData(0.5, 0.4)]
    [InlineData(1.5, -0.5)]
    [InlineData(double.NaN, 1)]
    public void Constructor_SharesThatAreNone_AreRefused(double first, double second) =>
        Assert.Equal("shares", Assert.Throws<ArgumentException>(() => new PreferenceSplitter(1, first, second)).ParamName);

    [Fact]
    public void Part_UnknownPart_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new PreferenceSplitter(1, 1).Part([], 1));

    private static PreferenceExample WithOwnPicture(int index) =>
        Samples.Example() with { Image = PreferenceImage.FromBytes((byte[])[.. Samples.Png, .. BitConverter.GetBytes(index)]) };
}
