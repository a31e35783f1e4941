namespace RlhfV.Evaluation.Tests;

[Trait("Category", "Golden")]
public sealed class ObjectVocabularyTests
{
    [Fact]
    public void Coco_Is80ClassesAnd407Words()
    {
        Assert.Equal(80, ObjectVocabulary.Coco.Classes.Count);
        Assert.Equal(407, ObjectVocabulary.Coco.Words.Count());
        Assert.Equal(
            GoldenJson.Read("data", "coco", "categories.json").EnumerateArray().Select(c => c.Text("name")).Order(StringComparer.Ordinal),
            ObjectVocabulary.Coco.Classes.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Chair2018_KeepsTheBlanksThatHideTwoWords()
    {
        Assert.False(ObjectVocabulary.Chair2018.TryGetClass("motor bike", out _));
        Assert.False(ObjectVocabulary.Chair2018.TryGetClass("cheesecake", out _));
        Assert.True(ObjectVocabulary.Coco.TryGetClass("motor bike", out string? motorcycle));
        Assert.Equal("motorcycle", motorcycle);
    }

    [Fact]
    public void Load_OwnFile_ReadsClassesAndSkipsRemarks()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("words.txt"), "# our warehouse\nforklift, fork lift\n\npallet\n");
        ObjectVocabulary vocabulary = ObjectVocabulary.Load(folder.File("words.txt"));
        Assert.Equal(["forklift", "pallet"], vocabulary.Classes);
        Assert.Equal("fork lift", vocabulary.Pairs["fork lift"]);
    }

    [Theory]
    [InlineData("car, , van", "line 1", "empty word")]
    [InlineData("car, van\nbus, van", "line 2", "'van' stands for 'bus' here and for 'car' above")]
    [InlineData("# nothing", "", "holds no class")]
    public void Load_BadFile_NamesTheLine(string text, string line, string problem)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("words.txt"), text);
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => ObjectVocabulary.Load(folder.File("words.txt")));
        Assert.Contains(line, error.Message, StringComparison.Ordinal);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }
}
