using System.Text.RegularExpressions;

namespace SceneWorld.Tests.Captions;

public class CaptionWriterTests
{
    private const int Seeds = 2000;

    [Fact]
    public void Write_KnownSeed_GivesTheStoredText() => Assert.Equal(
        "In this lounge, we see two lamps and three black dogs. There are two green people standing on the left. " +
        "There is a television on the left side. There is a red sofa on the left. The dogs are running, and the people are above the dogs. " +
        "The television is green. The lamps are yellow. The lamps are on the right.",
        CaptionWriter.Write(SceneGenerator.Generate(3), 1));

    [Fact]
    public void Write_ManySeeds_GivesEveryGroupItsNumberAndARelation()
    {
        foreach ((Scene scene, string caption) in Captions())
        {
            Assert.Matches("(left of|right of|above|below|over|under) the", caption.ToLowerInvariant());
            foreach (ObjectGroup group in scene.Groups)
            {
                string number = group.Count == 1 ? "(a|an|one)" : Lexicon.Word(group.Count);
                int names = Lexicon.NamesOf(group.Kind);
                string nouns = string.Join('|', Enumerable.Range(0, names).Select(name => Lexicon.Noun(group.Kind, group.Count > 1, name)));
                Assert.Matches($@"\b{number} ({Lexicon.Word(group.Colour)} )?({nouns})\b", caption.ToLowerInvariant());
                Assert.True(group.Action is not { } action || caption.Contains(Lexicon.Word(action), StringComparison.Ordinal), caption);
            }
        }
    }

    [Fact]
    public void Write_ManySeeds_UsesFewWordsAndPlainPunctuation()
    {
        var words = new HashSet<string>();
        foreach ((_, string caption) in Captions())
        {
            Assert.Matches(@"^[A-Za-z ,.]+\.$", caption);
            words.UnionWith(caption.ToLowerInvariant().Split([' ', ',', '.'], StringSplitOptions.RemoveEmptyEntries));
        }

        Assert.InRange(words.Count, 120, 250);
    }

    [Fact]
    public void Write_ManySeeds_VariesTheWording()
    {
        // Numbers, colours and nouns aside, sentences should still differ: these are shapes, not contents.
        string[] shapes = [.. Captions().Select(pair => Shape(pair.Caption))];
        Assert.True(shapes.Select(shape => shape.Split('.')[0]).Distinct().Count() > 60);
        Assert.True(shapes.Distinct().Count() > Seeds * 0.98);
    }

    [Fact]
    public void Write_OneSceneManySeeds_VariesTheText()
    {
        Scene scene = SceneGenerator.Generate(3);
        Assert.True(Enumerable.Range(0, 200).Select(seed => CaptionWriter.Write(scene, seed)).Distinct().Count() > 195);
    }

    [Fact]
    public void Write_HandMadeSceneWithoutTwoGroups_SaysWhatIsWrong()
    {
        var group = new ObjectGroup(ObjectKind.Cup, 1, SceneColour.Red, default, null);
        var scene = new Scene(0, Setting.Kitchen, [group]);
        ArgumentException error = Assert.Throws<ArgumentException>(() => CaptionWriter.Write(scene, 0));
        Assert.Equal("scene", error.ParamName);
        Assert.Contains("two groups", error.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<(Scene Scene, string Caption)> Captions()
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            Scene scene = SceneGenerator.Generate(seed);
            yield return (scene, CaptionWriter.Write(scene, seed));
        }
    }

    private static string Shape(string caption)
    {
        string nouns = string.Join('|', World.Kinds.SelectMany(facts => Enumerable.Range(0, Lexicon.NamesOf(facts.Kind))
            .SelectMany(name => new[] { Lexicon.Noun(facts.Kind, true, name), Lexicon.Noun(facts.Kind, false, name) })));
        const string others = "red|orange|yellow|green|blue|purple|white|black|an?|one|two|three|four";
        return Regex.Replace(caption.ToLowerInvariant(), $@"\b({nouns}|{others})\b", "*");
    }
}
