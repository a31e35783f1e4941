using Microsoft.ML;
using Microsoft.ML.Runtime;
using RlhfV.Models;
using RlhfV.Models.Native;
using TorchSharp;

namespace RlhfV.ML;

/// <summary>Decides where a model runs when the caller leaves it to the MLContext.</summary>
internal static class DeviceChoice
{
    /// <summary>The caller's options, with the device that the context's GPU settings amount to where they name none.</summary>
    public static VisionLanguageModelOptions Resolve(MLContext mlContext, VisionLanguageModelOptions? options)
    {
        options ??= new VisionLanguageModelOptions();
        if (options.Device is not null || mlContext.GpuDeviceId is not { } gpu)
            return options;

        NativeLibraries.EnsureLoaded();
        int found = torch.cuda.is_available() ? torch.cuda.device_count() : 0;
        if (gpu < found || !mlContext.FallbackToCpu)
            return options with { Device = $"cuda:{gpu}" };
        using IChannel channel = ((IHostEnvironment)mlContext).Register(nameof(DeviceChoice)).Start(nameof(Resolve));
        channel.Warning(
            MessageSensitivity.None,
            $"{nameof(MLContext.GpuDeviceId)} is {gpu}, but libtorch sees {found} CUDA devices; using the CPU, as {nameof(MLContext.FallbackToCpu)} allows.");
        return options;
    }
}
