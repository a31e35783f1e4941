using RlhfV.Models.Architectures;
using RlhfV.Models.Checkpoints;

namespace RlhfV.Models.Adapters;

/// <summary>Looks at an adapter's folder without loading the adapter or its model.</summary>
public static class AdapterFolder
{
    /// <summary>
    /// Finds what would keep a LoRA adapter in PEFT's layout from being merged into a model (<see cref="VisionLanguageModelOptions.AdapterPath"/>): missing
    /// or unreadable files, more than plain LoRA, modules that the model has not, matrices of another shape. Reads settings and the directories of the
    /// weight files, no weights.
    /// </summary>
    /// <param name="folder">The adapter's folder.</param>
    /// <param name="modelFolder">The model's folder, in which <see cref="ModelFolder.FindProblems"/> finds nothing.</param>
    /// <param name="options">How the model is loaded; null for the defaults.</param>
    /// <returns>One sentence or more per problem; empty when none was found.</returns>
    public static IReadOnlyList<string> FindProblems(string folder, string modelFolder, VisionLanguageModelOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        ArgumentException.ThrowIfNullOrWhiteSpace(modelFolder);
        try
        {
            PeftAdapter.Open(folder, WeightsOf(modelFolder, options ?? new VisionLanguageModelOptions())).Dispose();
            return [];
        }
        catch (Exception problem) when (problem is FormatException or IOException or UnauthorizedAccessException)
        {
            return [problem.Message];
        }
    }

    // Affine maps are the matrices named weight. Token tables are such matrices too, and PEFT's adapters for those have names of their own.
    private static Dictionary<string, IReadOnlyList<long>> WeightsOf(string modelFolder, VisionLanguageModelOptions options)
    {
        const string End = ".weight";
        ConfigReader config = ConfigReader.Open(Path.Combine(modelFolder, "config.json"));
        ModelFamily family = ModelFamilies.Of(config);
        using TensorSource source = family.PartsOf(modelFolder, config, options).OpenTensors();
        var weights = new Dictionary<string, IReadOnlyList<long>>();
        foreach ((string stored, TensorInfo tensor) in source.Tensors)
        {
            if (tensor.Shape.Count == 2 && family.MapTensorName(stored) is { } name && name.EndsWith(End, StringComparison.Ordinal))
            {
                weights[name[..^End.Length]] = tensor.Shape;
            }
        }

        return weights;
    }
}
