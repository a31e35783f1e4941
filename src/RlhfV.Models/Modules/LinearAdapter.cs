using static TorchSharp.torch;

namespace RlhfV.Models.Modules;

/// <summary>
/// Something learned that changes what a <see cref="Linear"/> gives, beside its weight: a low-rank correction, for example.
/// </summary>
public abstract class LinearAdapter
{
    /// <summary>Changes the layer's result.</summary>
    /// <param name="input">What the layer was given, <c>[.., inputs]</c>.</param>
    /// <param name="output">What it gives by itself, <c>[.., outputs]</c>.</param>
    /// <returns>What it shall give, same shape and type as <paramref name="output"/>.</returns>
    public abstract Tensor Adapt(Tensor input, Tensor output);
}
