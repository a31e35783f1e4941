using RlhfV.Models.Architectures.Idefics3;
using RlhfV.Models.Architectures.Llama;
using RlhfV.Models.Architectures.Llava;
using RlhfV.Models.Architectures.Muffin;
using RlhfV.Models.Architectures.Qwen25Vl;

namespace RlhfV.Models.Architectures;

/// <summary>The registry of model families: one line each.</summary>
internal static class ModelFamilies
{
    private static readonly ModelFamily[] All =
    [
        LlavaOriginalFamily.Instance,
        LlavaFamily.Instance,
        LlamaFamily.Instance,
        MuffinFamily.Instance,
        Idefics3Family.Idefics3,
        Idefics3Family.SmolVlm,
        Qwen25VlFamily.Instance,
    ];

    /// <summary>Finds the family of a checkpoint.</summary>
    /// <param name="config">Its <c>config.json</c>.</param>
    /// <exception cref="ModelFormatException">No family has this <c>model_type</c>.</exception>
    public static ModelFamily Of(ConfigReader config)
    {
        return All.FirstOrDefault(f => f.Fits(config))
            ?? throw new ModelFormatException(
                $"{config.Where}: 'model_type' is '{config.Text("model_type", string.Empty)}'; "
                + $"supported: {string.Join(", ", All.Select(f => f.ModelType).Distinct())}.");
    }
}
