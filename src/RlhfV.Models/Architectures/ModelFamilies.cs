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
    /// <exception cref="ModelFormatException">No family has this <c>model_type</c>, or the weights are quantised.</exception>
    public static ModelFamily Of(ConfigReader config)
    {
        ModelFamily family = All.FirstOrDefault(f => f.Fits(config)) ?? throw new ModelFormatException(
            $"{config.Where}: 'model_type' is {(config.Has("model_type") ? $"'{config.Text("model_type", string.Empty)}'" : "missing")}; "
            + $"supported: {string.Join(", ", All.Select(f => f.ModelType).Distinct())}. Take a checkpoint of one of these families.");
        RequireWholeWeights(config);
        return family;
    }

    private static void RequireWholeWeights(ConfigReader config)
    {
        const string Key = "quantization_config";
        if (config.Has(Key))
        {
            string method = config.Object(Key).Text("quant_method", "no method named");
            throw new ModelFormatException(
                $"{config.Where}: '{Key}' says that the weights are quantised ({method}); expected fp32, fp16 or bf16. Take the model as it was before "
                + $"that. If its weights are whole, as after merging what was learned in 4 bits, remove '{Key}'.");
        }
    }
}
