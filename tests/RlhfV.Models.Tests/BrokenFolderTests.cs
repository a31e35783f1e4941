using RlhfV.Models.Adapters;
using RlhfV.Models.Tests.Checkpoints;

namespace RlhfV.Models.Tests;

/// <summary>Every way in which a model's folder can be wrong is an exception that names file, found, expected and what to do.</summary>
public sealed class BrokenFolderTests(ITestOutputHelper output)
{
    public static TheoryData<string> Names => [.. BrokenFolders.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Load_ABrokenFolder_SaysWhatIsWrongAndWhatToDo(string name)
    {
        BrokenFolder broken = BrokenFolders.Named(name);
        using var folder = new TemporaryFolder();
        BrokenFolders.CopyTo(folder.Root);
        broken.Spoil(folder);
        VisionLanguageModelOptions? options = broken.Options?.Invoke(folder);

        Exception error = Assert.Throws(broken.Error, () => VisionLanguageModel.Load(folder.Root, options));

        output.WriteLine(error.Message);
        Assert.Contains(folder.Root, error.Message, StringComparison.Ordinal);
        Assert.All(broken.Said, said => Assert.Contains(said, error.Message, StringComparison.Ordinal));
        Assert.InRange(error.Message.Length, 40, 4000);
        if (broken.IsFoundBeforeLoading)
            Assert.Contains(error.Message, ModelFolder.FindProblems(folder.Root, options));
        if (options?.AdapterPath is { } adapter)
            Assert.Contains(error.Message, AdapterFolder.FindProblems(adapter, folder.Root));
    }

    [Fact]
    public void Load_AWholeFolder_Loads()
    {
        using var folder = new TemporaryFolder();
        BrokenFolders.CopyTo(folder.Root);
        using VisionLanguageModel model = VisionLanguageModel.Load(folder.Root);
        Assert.NotEmpty(model.Network.parameters());
    }
}
