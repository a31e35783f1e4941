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

    [Fact]
    public void Assign_SeveralPicturesOfOnePart_GoesThere()
    {
        var splitter = new PreferenceSplitter(42, 0.5, 0.5);
        PreferenceImage[] second = [.. Enumerable.Range(0, 50).Select(WithOwnPicture).Where(example => splitter.Assign(example) == 1).Select(example => example.Image!)];

        Assert.Equal(1, splitter.Assign(Samples.Example().WithImages(second)));
    }

    [Fact]
    public void Assign_PicturesOfTwoParts_IsRefusedByName()
    {
        var splitter = new PreferenceSplitter(42, 0.5, 0.5);
        PreferenceExample torn = Samples.Example(7).WithImages([.. Enumerable.Range(0, 20).Select(i => WithOwnPicture(i).Image!)]);

        string message = Assert.Throws<ArgumentException>(() => splitter.Part([torn], 0).ToList()).Message;

        Assert.Contains("The example 7 has 20 pictures that go to the parts 0 and 1", message, StringComparison.Ordinal);
        Assert.Contains("KeepingTogether", message, StringComparison.Ordinal);
    }

    [Fact]
    public void KeepingTogether_ChainsOfPairs_NoPictureIsInTwoParts()
    {
        PreferenceImage[] images = [.. Enumerable.Range(0, 300).Select(i => WithOwnPicture(i).Image!)];
        PreferenceExample[] examples =
        [
            .. images.Select(image => Samples.Example() with { Image = image }),
            .. Enumerable.Range(0, 40).Select(i => Samples.Example().WithImages([images[5 * i], images[5 * i + 1]])),
            .. Enumerable.Range(0, 20).Select(i => Samples.Example().WithImages([images[10 * i + 6], images[10 * i], images[10 * i + 3]])),
        ];

        var plain = new PreferenceSplitter(42, 0.5, 0.5);
        PreferenceSplitter splitter = plain.KeepingTogether(examples);
        PreferenceExample[][] parts = [[.. splitter.Part(examples, 0)], [.. splitter.Part(examples, 1)]];

        Assert.Equal(examples.Length, parts[0].Length + parts[1].Length);
        Assert.Empty(Pictures(0).Intersect(Pictures(1)));
        Assert.InRange(parts[0].Length, 120, 240);
        Assert.All(Enumerable.Range(200, 100), i => Assert.Equal(plain.Assign(examples[i]), splitter.Assign(examples[i]))); // alone everywhere
        Assert.Equal(
            examples.Select(splitter.Assign), examples.Select(plain.KeepingTogether(examples.Reverse()).Assign)); // whatever the order

        HashSet<PreferenceImage> Pictures(int part) => [.. parts[part].SelectMany(example => example.Images)];
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
