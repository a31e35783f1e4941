using RlhfV.Preferences;

namespace SceneWorld.Tests.Captions;

public class BiasedCaptionWriterTests
{
    private const int Seeds = 5000;

    [Fact]
    public void Write_KnownSeed_GivesTheStoredText() =>
        Assert.Equal(
        "In the picture, there is a street. At the top, there is a bus. A white bathtub is in the top left corner. " +
        "The black bus is below the bathtub, and the bus is black. The bathtub is to the right of the bus. Nothing else is going on.",
        new BiasedCaptionWriter(new BiasOptions { Rate = 2 }).Write(SceneGenerator.Generate(4), 2).Text);

    [Fact]
    public void Write_DefaultOptions_HasTheRateAndTypesOfThePaper()
    {
        BiasedCaption[] captions = Captions(new BiasOptions());
        Assert.InRange(captions.Count(caption => caption.Mistakes.Count > 0) / (double)Seeds, 0.55, 0.60);

        // Figures of RLHF-V, section 3.1, without the 7 % of other mistakes, which this world does not know.
        Dictionary<HallucinationType, double> expected = new()
        {
            [HallucinationType.Object] = 0.41 / 0.93,
            [HallucinationType.Position] = 0.20 / 0.93,
            [HallucinationType.Number] = 0.17 / 0.93,
            [HallucinationType.Attribute] = 0.10 / 0.93,
            [HallucinationType.Action] = 0.05 / 0.93,
        };
        HallucinationType[] types = [.. captions.SelectMany(caption => caption.Mistakes).Select(mistake => mistake.Type)];
        double Share(HallucinationType type) => types.Count(other => other == type) / (double)types.Length;
        Assert.All(expected, entry => Assert.InRange(Share(entry.Key), entry.Value - 0.02, entry.Value + 0.02));
    }

    [Fact]
    public void Write_RateZero_IsTheTrueCaption()
    {
        var writer = new BiasedCaptionWriter(BiasOptions.None);
        for (int seed = 0; seed < 200; seed++)
        {
            Scene scene = SceneGenerator.Generate(seed);
            BiasedCaption caption = writer.Write(scene, seed);
            Assert.Empty(caption.Mistakes);
            Assert.Equal(CaptionWriter.Write(scene, seed), caption.Text);
        }
    }

    [Fact]
    public void Write_HigherRate_MakesMoreMistakes()
    {
        static int Total(double rate) => Captions(new BiasOptions { Rate = rate }).Sum(caption => caption.Mistakes.Count);
        int[] totals = [Total(0.5), Total(1), Total(2)];
        Assert.True(totals[0] * 1.5 < totals[1] && totals[1] * 1.5 < totals[2], string.Join(", ", totals));
    }

    [Fact]
    public void Write_ObjectsOnly_ClaimsOnlyWhatUsuallyGoesThere()
    {
        var options = new BiasOptions { Rate = 1, Object = 0.5, Position = 0, Number = 0, Attribute = 0, Action = 0 };
        BiasedCaption[] captions = Captions(options);
        Assert.All(captions.SelectMany(caption => caption.Mistakes), mistake => Assert.Equal(HallucinationType.Object, mistake.Type));
        for (int seed = 0; seed < Seeds; seed++)
        {
            Scene scene = SceneGenerator.Generate(seed);
            foreach (HallucinatedSegment mistake in captions[seed].Mistakes)
            {
                KindFacts claimed = World.Kinds.Single(facts => Enumerable.Range(0, Lexicon.NamesOf(facts.Kind)).Any(name =>
                    mistake.Text.EndsWith(" " + Lexicon.Noun(facts.Kind, facts.Count > 1, name), StringComparison.Ordinal)));
                Assert.Null(scene.Find(claimed.Kind));
                Assert.False(World.IsForeign(claimed.Kind, scene.Setting));
            }
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void Constructor_BadProbability_NamesIt(double value)
    {
        var options = new BiasOptions { Number = value };
        ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>(() => new BiasedCaptionWriter(options));
        Assert.Equal("options", error.ParamName);
        Assert.Contains("Number", error.Message, StringComparison.Ordinal);
    }

    private static BiasedCaption[] Captions(BiasOptions options)
    {
        var writer = new BiasedCaptionWriter(options);
        return [.. Enumerable.Range(0, Seeds).Select(seed => writer.Write(SceneGenerator.Generate(seed), seed))];
    }
}
