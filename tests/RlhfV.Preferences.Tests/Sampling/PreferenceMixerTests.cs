namespace RlhfV.Preferences.Tests.Sampling;

public sealed class PreferenceMixerTests
{
    [Fact]
    public void Mix_AllEnd_GivesEveryExampleOnceInItsOrder()
    {
        PreferenceExample[] first = Make("first", 100), second = Make("second", 10);

        PreferenceExample[] mixed = [.. PreferenceMixer.Mix([new(first, 1), new(second, 5)], seed: 3)];

        Assert.Equal(110, mixed.Length);
        Assert.Equal(first, mixed.FromDataset("first"));
        Assert.Equal(second, mixed.FromDataset("second"));
    }

    [Fact]
    public void Mix_OneEnds_KeepsTheShares()
    {
        PreferenceExample[] mixed = [.. PreferenceMixer.Mix(
            [new(Make("a", 3000), 3), new(Make("b", 100_000), 1)], seed: 5, MixUntil.OneEnds)];

        double share = (double)mixed.FromDataset("a").Count() / mixed.Length;
        Assert.InRange(share, 0.72, 0.78);
    }

    [Fact]
    public void Mix_EqualSeeds_GiveEqualOrder()
    {
        WeightedPreferences[] sources = [new(Make("a", 50), 1), new(Make("b", 50), 1)];

        Assert.Equal(PreferenceMixer.Mix(sources, 9), PreferenceMixer.Mix(sources, 9));
        Assert.NotEqual(PreferenceMixer.Mix(sources, 9), PreferenceMixer.Mix(sources, 10));
    }

    [Fact]
    public void Mix_EndlessSources_IsLazy()
    {
        var endless = new WeightedPreferences(Enumerable.Repeat(Samples.Example(), int.MaxValue), 1);

        Assert.Equal(20, PreferenceMixer.Mix([endless, endless], 1).Take(20).Count());
    }

    [Fact]
    public void Mix_Nothing_IsRefused() =>
        Assert.Equal("sources", Assert.Throws<ArgumentException>(() => PreferenceMixer.Mix([], 1)).ParamName);

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void WeightedPreferences_ImpossibleWeight_IsRefused(double weight) =>
        Assert.Equal("weight", Assert.Throws<ArgumentOutOfRangeException>(() => new WeightedPreferences([], weight)).ParamName);

    private static PreferenceExample[] Make(string dataset, int count) =>
        [.. Enumerable.Range(0, count).Select(i => Samples.Example(i) with { Origin = new PreferenceOrigin { Dataset = dataset } })];
}
