using Microsoft.ML;
using RlhfV.ML.Saving;
using RlhfV.Models;

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

    [Fact]
    public void Share_OptionsChangedInBetween_GivesAnotherModel()
    {
        var ml = new MLContext(1);
        using VisionLanguageModel model = TinyModel.Load();
        using CaptionTransformer transformer = ml.VisionLanguage.Caption(model).Fit(ml.Data.LoadFromEnumerable(BytesRow.Many(1)));
        var manifest = CaptionManifest.Of(transformer);
        VisionLanguageModel first = VisionLanguageModelStore.Share(manifest);

        try
        {
            Assert.Same(first, VisionLanguageModelStore.Share(manifest));
            VisionLanguageModelStore.Options = new() { Device = "cpu" };
            VisionLanguageModel second = VisionLanguageModelStore.Share(manifest);
            Assert.NotSame(first, second);
            VisionLanguageModelStore.Options = new() { Device = "cpu" };
            Assert.Same(second, VisionLanguageModelStore.Share(manifest));
        }
        finally
        {
            VisionLanguageModelStore.Options = null;
        }
    }
}
