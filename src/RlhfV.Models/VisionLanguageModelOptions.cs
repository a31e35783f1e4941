using static TorchSharp.torch;

namespace RlhfV.Models;

/// <summary>How a model is loaded.</summary>
public sealed record VisionLanguageModelOptions
{
    /// <summary>
    /// Where it runs: <c>cpu</c>, <c>cuda</c> or <c>cuda:1</c>. <value>The default is null: <c>cpu</c>, or with ML.NET the GPU of its context.</value>
    /// </summary>
    public string? Device { get; init; }

    /// <summary>
    /// Element type of weights and computation. Null decides by device: fp32 on CPU (half-precision products are about a hundred times
    /// slower there), bf16 on CUDA.
    /// </summary>
    public ScalarType? ComputeType { get; init; }

    /// <summary>
    /// Folder of the vision tower for checkpoints that keep it apart (LLaVA's original layout names one in <c>mm_vision_tower</c>).
    /// <value>The default is null: it is looked for by that name as a path, inside the model's folder and beside it.</value>
    /// </summary>
    public string? VisionTowerFolder { get; init; }

    /// <summary>
    /// Folder of a LoRA adapter in PEFT's layout (<c>adapter_config.json</c> and <c>adapter_model.safetensors</c>) whose corrections are added to the
    /// weights when they are loaded; in 16-bit weights this rounds. <value>The default is null: the model as its folder has it.</value>
    /// </summary>
    public string? AdapterPath { get; init; }
}
