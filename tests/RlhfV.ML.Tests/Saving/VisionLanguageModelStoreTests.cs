namespace RlhfV.ML.Tests.Saving;

public sealed class VisionLanguageModelStoreTests
{
    [Fact]
    public void AddRoot_TwiceTheSame_IsKeptOnce()
    {
        string folder = Path.Combine(Path.GetTempPath(), "rlhfv-root");
        VisionLanguageModelStore.AddRoot(folder);
        VisionLanguageModelStore.AddRoot(Path.Combine(folder, "..", "rlhfv-root"));

        Assert.Single(VisionLanguageModelStore.Roots, root => root == folder);
    }

    [Fact]
    public void AddRoot_Empty_IsRefused() => Assert.Throws<ArgumentException>(() => VisionLanguageModelStore.AddRoot(" "));
}
