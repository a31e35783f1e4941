namespace RlhfV.Preferences.Tests.Sampling;

public sealed class PreferenceFiltersTests
{
    private static readonly PreferenceExample[] All =
    [
        Samples.Example(),
        Samples.Example(1) with { Segments = [], Origin = new() { Model = "other", Dataset = "street", SourceDataset = "photos" } },
        Samples.Example(2) with { Origin = PreferenceOrigin.Unknown },
    ];

    [Fact]
    public void WithType_KeepsExamplesWithSuchASegment()
    {
        Assert.Equal([All[0], All[2]], All.WithType(HallucinationType.Number));
        Assert.Empty(All.WithType(HallucinationType.Action, HallucinationType.Object));
    }

    [Fact]
    public void FromModel_KeepsItsExamples() => Assert.Equal([All[0], All[1]], All.FromModel("micro", "other"));

    [Fact]
    public void FromDataset_KeepsItsExamples() => Assert.Equal([All[1]], All.FromDataset("street"));

    [Fact]
    public void FromSource_KeepsItsExamples() => Assert.Equal([All[1]], All.FromSource("photos"));
}
