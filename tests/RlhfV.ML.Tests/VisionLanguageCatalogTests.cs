using Microsoft.ML;
using RlhfV.Models;
using TorchSharp;

namespace RlhfV.ML.Tests;

public sealed class VisionLanguageCatalogTests
{
    [Fact]
    public void LoadModel_MissingFolder_SaysWhereItLooked() => Assert.Contains(
        "no-such-model", Assert.Throws<DirectoryNotFoundException>(() => new MLContext().VisionLanguage.LoadModel("no-such-model")).Message);

    [Fact]
    public void LoadModel_Loaded_RemembersItsFolderAndSaysSo()
    {
        var lines = new List<string>();
        var ml = new MLContext();
        ml.Log += (_, e) => lines.Add(e.Message);

        using VisionLanguageModel model = ml.VisionLanguage.LoadModel(TinyModel.Folder);

        Assert.Equal(Path.GetFullPath(TinyModel.Folder), model.Folder);
        Assert.Contains(lines, line => line.Contains("Model 'checkpoint' loaded on cpu"));
    }

    [Fact]
    public void LoadModel_GpuThatIsNotThere_FallsBackOnlyWhereAllowed()
    {
        Assert.SkipWhen(torch.cuda.is_available() && torch.cuda.device_count() > 7, "This machine has eight GPUs.");
        var lines = new List<string>();
        var allowed = new MLContext { GpuDeviceId = 7, FallbackToCpu = true };
        allowed.Log += (_, e) => lines.Add(e.Message);
        var strict = new MLContext { GpuDeviceId = 7, FallbackToCpu = false };

        using VisionLanguageModel model = allowed.VisionLanguage.LoadModel(TinyModel.Folder);

        Assert.Equal(DeviceType.CPU, model.Device.type);
        Assert.Contains(lines, line => line.Contains("GpuDeviceId is 7"));
        Assert.Contains("cuda:7", Assert.Throws<InvalidOperationException>(() => strict.VisionLanguage.LoadModel(TinyModel.Folder)).Message);
        using VisionLanguageModel explicitly = strict.VisionLanguage.LoadModel(TinyModel.Folder, new VisionLanguageModelOptions { Device = "cpu" });
        Assert.Equal(DeviceType.CPU, explicitly.Device.type);
        var others = new VisionLanguageModelOptions { ComputeType = torch.ScalarType.Float32 };
        Assert.Contains("cuda:7", Assert.Throws<InvalidOperationException>(() => strict.VisionLanguage.LoadModel(TinyModel.Folder, others)).Message);
    }

    [Fact]
    public void Clone_AndTrainedInPlace_ForgetTheFolder()
    {
        using VisionLanguageModel model = TinyModel.Load();
        using VisionLanguageModel copy = model.Clone(), handle = model.AddReference();

        Assert.Null(copy.Folder);
        Assert.Equal(model.Folder, handle.Folder);
        handle.WeightsChanged();
        Assert.Null(model.Folder);
    }
}
