using static TorchSharp.torch;

namespace RlhfV.Models.Generation;

/// <summary>A prompt that joins a <see cref="GenerationBatch"/>.</summary>
public sealed record BatchPrompt
{
    /// <summary>The caller's name for the answer; no two in a batch may be equal.</summary>
    public required long Id { get; init; }

    /// <summary>The encoded prompt.</summary>
    public required EncodedPrompt Prompt { get; init; }

    /// <summary>How its answer is decoded; checked already.</summary>
    public required GenerationOptions Options { get; init; }

    /// <summary>
    /// What <see cref="GenerationBatch.EncodeImages"/> gave for each of the prompt's pictures, in order; null computes it. The tensors are read when the
    /// prompt joins and not kept.
    /// </summary>
    public IReadOnlyList<Tensor>? ImageFeatures { get; init; }
}
