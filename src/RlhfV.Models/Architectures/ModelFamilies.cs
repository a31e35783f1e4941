using RlhfV.Models.Architectures.Llava;

namespace RlhfV.Models.Architectures;

/// <summary>The registry of model families: one line each.</summary>
internal static class ModelFamilies
{
    private static readonly ModelFamily[] All =
    [
        LlavaFamily.Instance,
    ];

    /// <summary>Finds the family of a checkpoint.</summary>
    /// <param name="config">Its <c>config.json</c>.</param>
    /// <exception cref="ModelFormatException">No family has this <c>model_type</c>.</exception>
    public static ModelFamily Of(ConfigReader config)
    {
        string type = config.Text("model_type", string.Empty);
        return All.FirstOrDefault(f => f.ModelType == type)
            ?? throw new ModelFormatException(
                $"{config.Where}: 'model_type' is '{type}'; supported: {string.Join(", ", All.Select(f => f.ModelType))}.");
    }
}
