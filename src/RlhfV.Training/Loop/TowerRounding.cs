using RlhfV.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RlhfV.Training.Loop;

/// <summary>
/// Rounds the weights of a vision tower to fp16 and back, as the released code does when it starts (thunlp/Muffin,
/// <c>muffin/model/muffin.py</c>, <c>initialize_vision_modules</c>).
/// </summary>
internal static class TowerRounding
{
    /// <summary>Rounds all weights of the tower, or none.</summary>
    /// <param name="network">The network.</param>
    /// <exception cref="ArgumentException">A weight is too large for fp16.</exception>
    public static void Apply(VisionLanguageNetwork network)
    {
        using IDisposable quiet = no_grad();
        (string Name, Parameter Weight)[] tower = [.. network.named_parameters().Where(p => network.IsTowerWeight(p.name))];
        foreach ((string name, Parameter weight) in tower)
        {
            using var scope = NewDisposeScope();
            if (isfinite(weight).logical_and(isfinite(weight.to(ScalarType.Float16)).logical_not()).any().item<bool>())
            {
                throw new ArgumentException(
                    $"'{name}' holds weights of up to {weight.abs().max().to(ScalarType.Float32).item<float>():G6}, which fp16 does not have: "
                    + $"its largest number is {(float)Half.MaxValue}. Set {nameof(TrainingOptions.RoundVisionTower)} to false, or start from other weights.",
                    nameof(TrainingOptions.RoundVisionTower));
            }
        }

        foreach ((_, Parameter weight) in tower)
        {
            using var scope = NewDisposeScope();
            weight.copy_(weight.to(ScalarType.Float16));
        }
    }
}
