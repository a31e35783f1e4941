using static TorchSharp.torch;

namespace RlhfV.Models.Modules;

/// <summary>
/// Rotary position embedding (RoFormer, arXiv 2104.09864) in the halves layout: dimension i pairs with i + d/2.
/// </summary>
/// <param name="headSize">Width d of one attention head; even.</param>
/// <param name="theta">Base of the geometric series of frequencies, <c>theta^(-2k/d)</c>.</param>
/// <param name="scaling">How long waves are stretched; null for not at all.</param>
/// <param name="sections">How many frequencies turn with each axis of the positions; null where positions have one axis.</param>
public sealed class RotaryEmbedding(
    long headSize, double theta, Llama3RotaryScaling? scaling = null, IReadOnlyList<int>? sections = null)
{
    /// <summary>Cosines and sines of one batch of positions, ready to multiply with <c>[batch, heads, tokens, headSize]</c>.</summary>
    /// <param name="Cosine">Cosines, <c>[batch, 1, tokens, headSize]</c>.</param>
    /// <param name="Sine">Sines, same shape.</param>
    public readonly record struct Angles(Tensor Cosine, Tensor Sine);

    /// <summary>Computes the angles in fp32 and casts them.</summary>
    /// <param name="positions">
    /// Token positions, <c>[batch, tokens]</c>, int64; with sections also <c>[batch, tokens, axes]</c>, one axis per section.
    /// </param>
    /// <param name="type">Type of the result.</param>
    /// <exception cref="ArgumentException">The positions have axes, but not one per section.</exception>
    public Angles At(Tensor positions, ScalarType type)
    {
        using var scope = NewDisposeScope();
        Tensor inverse = tensor(InverseFrequencies(), device: positions.device);
        Tensor angle = PerFrequency(positions).to(ScalarType.Float32) * inverse;             // [batch, tokens, d/2]
        Tensor whole = cat([angle, angle], -1).unsqueeze(1);                                 // [batch, 1, tokens, d]
        return new(
            whole.cos().to(type).MoveToOuterDisposeScope(),
            whole.sin().to(type).MoveToOuterDisposeScope());
    }

    /// <summary>Turns queries or keys by their positions.</summary>
    /// <param name="x">Queries or keys, <c>[batch, heads, tokens, headSize]</c>.</param>
    /// <param name="angles">What <see cref="At"/> gave for the same tokens.</param>
    public static Tensor Rotate(Tensor x, Angles angles)
    {
        using var scope = NewDisposeScope();
        long half = x.shape[^1] / 2;
        Tensor turned = cat([x.narrow(-1, half, half).neg(), x.narrow(-1, 0, half)], -1);
        return (x * angles.Cosine).Plus(turned * angles.Sine).MoveToOuterDisposeScope();
    }

    /// <summary>Radians per position of each pair of dimensions, <c>[headSize / 2]</c>.</summary>
    public float[] InverseFrequencies()
    {
        var values = new float[headSize / 2];
        for (int k = 0; k < values.Length; k++)
        {
            double frequency = Math.Pow(theta, -2.0 * k / headSize);
            values[k] = (float)(scaling?.Apply(frequency) ?? frequency);
        }

        return values;
    }

    /// <summary>The position that each frequency turns with, <c>[batch, tokens, d/2]</c>, or <c>[batch, tokens, 1]</c> where it is one for all.</summary>
    private Tensor PerFrequency(Tensor positions)
    {
        if (positions.dim() == 2)
        {
            return positions.unsqueeze(-1);
        }

        if (positions.dim() != 3 || positions.shape[2] != (sections?.Count ?? 0))
        {
            throw new ArgumentException(
                $"Positions have shape [{string.Join(", ", positions.shape)}]; expected [batch, tokens]"
                + (sections is null ? "." : $" or [batch, tokens, {sections.Count}]."), nameof(positions));
        }

        long[] axes = [.. sections!.SelectMany((count, axis) => Enumerable.Repeat((long)axis, count))];
        return positions.index_select(2, tensor(axes, device: positions.device));
    }
}
