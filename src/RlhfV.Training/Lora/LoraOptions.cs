using System.ComponentModel.DataAnnotations;
using RlhfV.Models;

namespace RlhfV.Training.Lora;

/// <summary>
/// Low-rank adaptation (arXiv 2106.09685): the network's weights stay, and to some of its affine maps <c>y = W x</c> a learned
/// <c>alpha / rank * B (A x)</c> is added.
/// </summary>
public sealed class LoraOptions
{
    /// <summary>Rank of the correction: rows of A and columns of B.</summary>
    /// <value>The default value is 64.</value>
    [Range(1, 4096)]
    public int Rank { get; set; } = 64;

    /// <summary>Scale of the correction, divided by the rank.</summary>
    /// <value>The default value is 128.</value>
    [Range(0.0, double.MaxValue, MinimumIsExclusive = true)]
    public double Alpha { get; set; } = 128;

    /// <summary>Share of the inputs of A that is dropped in training.</summary>
    /// <value>The default value is 0.</value>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double Dropout { get; set; }

    /// <summary>
    /// Names of the maps that get a correction: the last part of a module's name, or several last parts joined by dots, or all of it.
    /// </summary>
    /// <value>The default value is every projection of attention and feed-forward blocks of Llama-like decoders.</value>
    public IList<string> Targets { get; set; } = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"];

    /// <summary>Parts of the network in which targets are looked for.</summary>
    /// <value>The default value is the decoder.</value>
    public IList<NetworkPart> Parts { get; set; } = [NetworkPart.Decoder];

    /// <summary>A copy that later changes do not reach.</summary>
    internal LoraOptions Copy()
    {
        var copy = (LoraOptions)MemberwiseClone();
        (copy.Targets, copy.Parts) = ([.. Targets], [.. Parts]);
        return copy;
    }

    /// <summary>What is wrong with the options.</summary>
    internal IEnumerable<string> Mistakes()
    {
        foreach (string mistake in OptionsChecks.Annotations(this))
        {
            yield return $"LoRA: {mistake}";
        }

        if (Targets is not { Count: > 0 } || Targets.Any(string.IsNullOrWhiteSpace))
        {
            yield return $"LoRA: {nameof(Targets)} is empty or holds an empty name; name the maps to adapt, for example q_proj and v_proj.";
        }

        if (Parts is not { Count: > 0 } || Parts.Any(part => !Enum.IsDefined(part)))
        {
            yield return $"LoRA: {nameof(Parts)} is empty or unknown; expected some of {string.Join(", ", Enum.GetNames<NetworkPart>())}.";
        }
    }
}
