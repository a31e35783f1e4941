namespace RlhfV.Models.Tests;

public sealed class ModelFolderTests
{
    [Fact]
    public void FindProblems_OfAWholeFolder_FindsNone() => Assert.Empty(ModelFolder.FindProblems(TinyLlava.Folder));

    [Fact]
    public void FindProblems_MissingFolder_IsNamed() =>
        Assert.Contains("no-such-model", Assert.Single(ModelFolder.FindProblems("no-such-model")), StringComparison.Ordinal);

    [Fact]
    public void FindProblems_ListsWhatIsWrongWithSettingsAndWeightsTogether()
    {
        string folder = Directory.CreateTempSubdirectory("rlhfv").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "config.json"), """{"model_type": "bert"}""");
            IReadOnlyList<string> problems = ModelFolder.FindProblems(folder);
            Assert.Equal(2, problems.Count);
            Assert.Contains("bert", problems[0], StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void FindProblems_DamagedWeights_AreNamed()
    {
        string folder = Directory.CreateTempSubdirectory("rlhfv").FullName;
        try
        {
            foreach (string file in Directory.GetFiles(TinyLlava.Folder))
                File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
            File.WriteAllBytes(Path.Combine(folder, "model.safetensors"), [1, 2, 3]);
            Assert.Contains("model.safetensors", Assert.Single(ModelFolder.FindProblems(folder)), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
