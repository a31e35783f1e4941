using System.Globalization;
using System.Runtime.InteropServices;
using RlhfV.Models.Checkpoints;
using static TorchSharp.torch;

namespace RlhfV.Models;

/// <summary>Recognises libtorch's way of saying that memory does not suffice, and says what a model needs.</summary>
internal static class MemoryShortage
{
    /// <summary>Whether an exception tells of it. Libtorch has one type for all its errors.</summary>
    public static bool IsToldBy(Exception problem) => problem is ExternalException && Array.Exists(
        ["can't allocate memory", "out of memory"], sign => problem.Message.Contains(sign, StringComparison.OrdinalIgnoreCase));

    /// <summary>Says it of a model that is being loaded.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <param name="source">Its weights.</param>
    /// <param name="device">Where they were to go.</param>
    /// <param name="type">Their type there.</param>
    /// <param name="problem">What libtorch said.</param>
    public static InsufficientMemoryException Of(string folder, TensorSource source, Device device, ScalarType type, Exception problem)
    {
        double elements = source.Tensors.Values.Sum(tensor => tensor.Shape.Aggregate(1.0, (product, size) => product * size));
        double bytes = elements * ElementTypes.Size(type);
        return new InsufficientMemoryException(
            string.Create(
                CultureInfo.InvariantCulture,
                $"'{folder}' did not fit into the memory of {device}: its weights take {bytes / 1e9:N1} GB as {type} ({problem.Message.Split('\n')[0].Trim()}). ")
            + $"Load it in 16 bits ({nameof(VisionLanguageModelOptions.ComputeType)}), on another device, or take a smaller model. If the memory should do, config.json "
            + "may describe a larger network than these weights: fetch it again.",
            problem);
    }
}
